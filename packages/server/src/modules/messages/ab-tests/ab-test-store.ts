import type { Channel } from '@carillon/wire';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Message } from '../message.ts';
import type { AbTest } from './ab-test.ts';
import type { Winner } from './choose-winner.ts';

const COLUMNS = `id, app_id as "appId", name, channel, sample, variants, winner_by as "winnerBy",
  winner_outcome as "winnerOutcome", decides_at as "decidesAt",
  state, winner, winner_reason as "winnerReason", rest_message_id as "restMessageId", created_at as "createdAt",
  decided_at as "decidedAt", cancelled_at as "cancelledAt"`;

const insert = statement(
  'ab-tests.insert',
  `insert into ab_tests (id, app_id, name, channel, sample, variants, winner_by, winner_outcome, decides_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);

const one = statement('ab-tests.one', `select ${COLUMNS} from ab_tests where app_id = $1 and id = $2`);

const page = statement(
  'ab-tests.page',
  `select ${COLUMNS} from ab_tests where app_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
);

const due = statement(
  'ab-tests.due',
  `select ${COLUMNS} from ab_tests where state = 'testing' and decides_at <= $1 order by decides_at limit $2`,
);

const nextDue = statement(
  'ab-tests.next-due',
  `select min(decides_at) as at from ab_tests where state = 'testing' and decides_at > $1`,
);

// Two that decide take turns on the row: the second finds another state.
const decide = statement(
  'ab-tests.decide',
  `update ab_tests set state = 'decided', winner = $2, winner_reason = $3, rest_message_id = $4, decided_at = $5
   where id = $1 and state = 'testing'`,
);

const cancel = statement(
  'ab-tests.cancel',
  `update ab_tests set state = 'cancelled', cancelled_at = $3 where app_id = $1 and id = $2 and state <> 'cancelled'
   returning ${COLUMNS}`,
);

const variant = statement(
  'ab-tests.variant-message',
  `select id, app_id as "appId", channel, name, template_id as "templateId", content_id as "contentId",
     custom_data as "customData", at_most_once as "atMostOnce", audience, timing, hold_out as "holdOut", request, send_after as "sendAfter"
   from messages where app_id = $1 and id = $2`,
);

const halt = statement(
  'ab-tests.halt',
  `update ab_tests set state = 'cancelled', cancelled_at = $2 where app_id = $1 and state = 'testing'`,
);

const erase = statement(
  'ab-tests.erase',
  `delete from ab_tests where id in (select id from ab_tests where app_id = $1 limit $2)`,
);

export type NewAbTest = Pick<
  AbTest,
  | 'id'
  | 'appId'
  | 'name'
  | 'channel'
  | 'sample'
  | 'variants'
  | 'winnerBy'
  | 'winnerOutcome'
  | 'decidesAt'
  | 'createdAt'
>;

export async function insertAbTest(transaction: Queryable, test: NewAbTest): Promise<void> {
  const { id, appId, name, channel, sample, variants, winnerBy, winnerOutcome, decidesAt, createdAt } = test;
  const kept = JSON.stringify(variants);
  const decides = [winnerBy, winnerOutcome, decidesAt];
  await transaction.run(insert, [id, appId, name, channel, sample, kept, ...decides, createdAt]);
}

export async function findAbTest(
  database: Queryable,
  appId: string,
  id: string,
): Promise<AbTest | undefined> {
  return (await database.rows<AbTest>(one, [appId, id]))[0];
}

/** Newest first: up to `limit` behind `after`, or from the newest on. */
export function findAbTests(
  database: Queryable,
  appId: string,
  after: string | null,
  limit: number,
): Promise<AbTest[]> {
  return database.rows<AbTest>(page, [appId, after, limit]);
}

/** Tests of all apps whose winner is to be found now, the one that is due longest first. */
export function findUndecided(database: Queryable, now: number, limit: number): Promise<AbTest[]> {
  return database.rows<AbTest>(due, [new Date(now), limit]);
}

/** When the earliest decision after `after` is due, in milliseconds, or null when there is none. */
export async function nextDecisionAt(database: Queryable, after: number): Promise<number | null> {
  const [row] = await database.rows<{ at: Date | null }>(nextDue, [new Date(after)]);
  return row?.at?.getTime() ?? null;
}

/** False when somebody else was first, or the test was cancelled. */
export async function markDecided(
  transaction: Queryable,
  id: string,
  { name, reason }: Winner,
  restMessageId: string | null,
  now: number,
): Promise<boolean> {
  return (await transaction.run(decide, [id, name, reason, restMessageId, new Date(now)])) === 1;
}

/** The test as it was cancelled; undefined when it was before, or there is none. */
export async function markCancelled(
  transaction: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<AbTest | undefined> {
  return (await transaction.rows<AbTest>(cancel, [appId, id, new Date(now)]))[0];
}

/** A message that was sent, with what is needed to send it to others. */
export interface VariantMessage extends Omit<Message, 'content'> {
  readonly channel: Channel;
  readonly request: Readonly<Record<string, unknown>>;
  readonly sendAfter: Date;
}

export async function findVariantMessage(
  database: Queryable,
  appId: string,
  id: string,
): Promise<VariantMessage | undefined> {
  return (await database.rows<VariantMessage>(variant, [appId, id]))[0];
}

/** Whatever is not decided yet never is. */
export async function haltAbTests(transaction: Queryable, appId: string, now: number): Promise<void> {
  await transaction.run(halt, [appId, new Date(now)]);
}

/** Up to `limit` tests of an app; how many went. */
export function eraseAbTests(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(erase, [appId, limit]);
}
