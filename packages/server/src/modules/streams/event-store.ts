import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { DeliveriesBatch } from '../feed/index.ts';

/** The ledger rows of pages, in the order of their subscriptions: the order that `from` and `to` count in. */
const pages = statement(
  'streams.pages',
  `select p.n as "batch", d.subscription_id as "subscriptionId", d.user_id as "userId", d.state, d.reason, d.at
   from jsonb_to_recordset($1) as p (n int, lane int, message_id uuid, page int, first_id uuid, last_id uuid)
   join deliveries d on d.lane = p.lane and d.message_id = p.message_id
     and d.subscription_id between p.first_id and p.last_id and d.page = p.page
   order by p.n, d.subscription_id`,
);

const messages = statement(
  'streams.messages',
  `select id, channel, name, template_id as "templateId" from messages where app_id = $1 and id = any($2)`,
);

/** Addresses and ids as they are now: a deleted user has neither. */
const people = statement(
  'streams.people',
  `select s.id as "subscriptionId", s.token as address, u.id as "userId", u.external_id as "externalId"
   from jsonb_to_recordset($2) as p (lane int, id uuid)
   join subscriptions s on s.lane = p.lane and s.id = p.id and s.app_id = $1
   join users u on u.lane = s.lane and u.id = s.user_id`,
);

export interface LedgerRow {
  readonly batch: number;
  readonly subscriptionId: string;
  readonly userId: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly at: Date;
}

export async function readLedgerPages(
  database: Queryable,
  batches: readonly DeliveriesBatch[],
): Promise<Map<DeliveriesBatch, LedgerRow[]>> {
  const rows = batches.map(({ lane, messageId, page, firstId, lastId }, n) => ({
    n,
    lane,
    message_id: messageId,
    page,
    first_id: firstId,
    last_id: lastId,
  }));
  const found = new Map<DeliveriesBatch, LedgerRow[]>(batches.map((batch) => [batch, []]));
  if (batches.length === 0) return found;
  for (const row of await database.rows<LedgerRow>(pages, [asJson(rows)])) {
    const batch = batches[row.batch];
    if (batch !== undefined) found.get(batch)?.push(row);
  }
  return found;
}

export interface MessageInfo {
  readonly id: string;
  readonly channel: string;
  readonly name: string | null;
  readonly templateId: string | null;
}

export async function findMessageInfos(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<Map<string, MessageInfo>> {
  const rows = await database.rows<MessageInfo>(messages, [appId, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}

export interface Person {
  readonly subscriptionId: string;
  readonly address: string;
  readonly userId: string;
  readonly externalId: string | null;
}

export async function findPeople(
  database: Queryable,
  appId: string,
  places: readonly { readonly lane: number; readonly id: string }[],
): Promise<Map<string, Person>> {
  if (places.length === 0) return new Map();
  const rows = await database.rows<Person>(people, [appId, asJson(places)]);
  return new Map(rows.map((row) => [row.subscriptionId, row]));
}
