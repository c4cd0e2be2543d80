import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { laneOf } from '../../platform/ids.ts';
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

/**
 * Addresses and ids as they are now: a deleted user has neither. A subscription can have moved to
 * another user since, whose id is not put to what happened to the first one.
 */
const people = statement(
  'streams.people',
  `select p.n as "place", s.token as address, u.id as "userId", u.external_id as "externalId"
   from jsonb_to_recordset($2) as p (n int, lane int, id uuid, user_id uuid, user_lane int)
   left join lateral (
     select * from subscriptions s where s.lane = p.lane and s.id = p.id and s.app_id = $1 limit 1) s on true
   left join lateral (
     select * from users u
     where u.lane = coalesce(p.user_lane, s.lane) and u.id = coalesce(p.user_id, s.user_id) and u.app_id = $1
     limit 1) u on true`,
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

const NOBODY: Person = { address: null, userId: null, externalId: null };

export interface Person {
  readonly address: string | null;
  readonly userId: string | null;
  readonly externalId: string | null;
}

/** Where to look for somebody: a subscription in a lane, and whose it was at the time, if that is known. */
export interface Place {
  readonly lane: number;
  readonly subscriptionId: string | null;
  readonly userId: string | null;
}

/** Who is at each place, in their order. */
export async function findPeople(
  database: Queryable,
  appId: string,
  places: readonly Place[],
): Promise<Person[]> {
  if (places.length === 0) return [];
  const rows = places.map(({ lane, subscriptionId, userId }, n) => ({
    n,
    lane,
    id: subscriptionId,
    user_id: userId,
    user_lane: userId === null ? null : laneOf(userId),
  }));
  const found = new Map(
    (await database.rows<Person & { place: number }>(people, [appId, asJson(rows)])).map((row) => [
      row.place,
      row,
    ]),
  );
  return places.map((_, n) => found.get(n) ?? NOBODY);
}
