import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** One try of a call, and what came of it. */
export interface Attempt {
  /** Version 7: attempts are listed by it. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly callId: string;
  readonly userId: string;
  /** Of the call's tries: the first is 1. */
  readonly number: number;
  /** `given_up`: there will be no other one. */
  readonly outcome: 'taken' | 'failed' | 'given_up';
  readonly status: number | null;
  readonly milliseconds: number;
  /** Ids by which it is found: of the call, the user, the journey, its node and its run. */
  readonly about: readonly string[];
  readonly reason: string | null;
  readonly url: string | null;
  readonly request: string | null;
  readonly answer: string | null;
}

export interface AttemptRow extends Omit<Attempt, 'at' | 'about'> {
  readonly at: Date;
}

const insert = statement(
  'webhook-attempts.insert',
  `insert into webhook_attempts
     (app_id, webhook_id, id, at, call_id, user_id, number, outcome, status, milliseconds, about, reason, url, request, answer)
   select $1, $2, id, at, "callId", "userId", number, outcome, status, milliseconds, about, reason, url, request, answer
   from jsonb_to_recordset($3) as k (id uuid, at timestamptz, "callId" uuid, "userId" uuid, number int, outcome text,
     status int, milliseconds int, about uuid[], reason text, url text, request text, answer text)`,
);

const COLUMNS = `id, at, call_id as "callId", user_id as "userId", number, outcome, status, milliseconds, reason, url,
  request, answer`;

const WANTED = `app_id = $1 and webhook_id = $2 and id < $3 and ($4::text is null or outcome = $4)
  and ($5::int is null or status = $5)`;

const page = statement(
  'webhook-attempts.page',
  `select ${COLUMNS} from webhook_attempts where ${WANTED} order by id desc limit $6`,
);

const pageAbout = statement(
  'webhook-attempts.page-about',
  `select ${COLUMNS} from webhook_attempts where ${WANTED} and about @> array[$7::uuid] order by id desc limit $6`,
);

const eraseOfApp = statement(
  'webhook-attempts.erase-app',
  `delete from webhook_attempts where (app_id, webhook_id, id, day) in (
     select app_id, webhook_id, id, day from webhook_attempts where app_id = $1 limit $2)`,
);

/** A webhook of an app. */
export interface WebhookPlace {
  readonly appId: string;
  readonly id: string;
}

export async function insertAttempts(
  transaction: Queryable,
  { appId, id }: WebhookPlace,
  attempts: readonly Attempt[],
): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map((attempt) => ({ ...attempt, at: new Date(attempt.at) }));
  await transaction.run(insert, [appId, id, asJson(rows)]);
}

export interface AttemptQuery {
  readonly outcome: string | null;
  readonly status: number | null;
  readonly about: string | null;
}

/** The newest first, behind `before`: an id. */
export function attemptsBefore(
  database: Queryable,
  { appId, id }: WebhookPlace,
  { outcome, status, about }: AttemptQuery,
  before: string,
  limit: number,
): Promise<AttemptRow[]> {
  const values = [appId, id, before, outcome, status, limit];
  return about === null
    ? database.rows<AttemptRow>(page, values)
    : database.rows<AttemptRow>(pageAbout, [...values, about]);
}

/** Up to `limit` attempts of an app; how many went. */
export function eraseAttempts(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(eraseOfApp, [appId, limit]);
}
