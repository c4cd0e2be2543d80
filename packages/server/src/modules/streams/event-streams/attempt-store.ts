import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** One request of a stream, and what came of it. */
export interface Attempt {
  /** Version 7: attempts are listed by it. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: 'taken' | 'failed';
  readonly status: number | null;
  readonly milliseconds: number;
  readonly events: number;
  /** Ids by which it is found: of events, users, subscriptions, messages. */
  readonly about: readonly string[];
  readonly reason: string | null;
  readonly request: string | null;
  readonly answer: string | null;
}

export interface AttemptRow extends Omit<Attempt, 'at' | 'about'> {
  readonly at: Date;
}

const insert = statement(
  'event-stream-attempts.insert',
  `insert into event_stream_attempts
     (app_id, stream_id, id, at, outcome, status, milliseconds, events, about, reason, request, answer)
   select $1, $2, id, at, outcome, status, milliseconds, events, about, reason, request, answer
   from jsonb_to_recordset($3) as k (id uuid, at timestamptz, outcome text, status int, milliseconds int, events int,
     about uuid[], reason text, request text, answer text)`,
);

const page = statement(
  'event-stream-attempts.page',
  `select id, at, outcome, status, milliseconds, events, reason, request, answer
   from event_stream_attempts
   where app_id = $1 and stream_id = $2 and id < $3 and ($4::text is null or outcome = $4)
     and ($5::int is null or status = $5)
   order by id desc limit $6`,
);

const pageAbout = statement(
  'event-stream-attempts.page-about',
  `select id, at, outcome, status, milliseconds, events, reason, request, answer
   from event_stream_attempts
   where app_id = $1 and stream_id = $2 and id < $3 and ($4::text is null or outcome = $4)
     and ($5::int is null or status = $5) and about @> array[$7::uuid]
   order by id desc limit $6`,
);

const eraseOfApp = statement(
  'event-stream-attempts.erase-app',
  `delete from event_stream_attempts where (app_id, stream_id, id, day) in (
     select app_id, stream_id, id, day from event_stream_attempts where app_id = $1 limit $2)`,
);

export async function insertAttempts(
  transaction: Queryable,
  { appId, id }: { readonly appId: string; readonly id: string },
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
  { appId, id }: { readonly appId: string; readonly id: string },
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
