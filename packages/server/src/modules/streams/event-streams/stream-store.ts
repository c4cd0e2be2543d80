import type { EventStreamKind } from '@carillon/wire';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

export type StreamState = 'active' | 'paused' | 'disabled';

/** A row of event_streams, as far as the API tells of it. */
export interface StreamRow {
  readonly id: string;
  readonly name: string;
  readonly kind: EventStreamKind;
  /** The sealed settings. */
  readonly config: Buffer;
  readonly state: StreamState;
  readonly reason: string | null;
  readonly stateAt: Date;
  readonly cursor: string;
  readonly replayMessage: string | null;
  readonly failures: number;
  readonly retryAt: Date | null;
  readonly delivered: number;
  readonly givenUp: number;
  readonly lastTakenAt: Date | null;
  readonly lastFailure: string | null;
  readonly held: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = `s.id, s.name, s.kind, s.config, s.state, s.reason, s.state_at as "stateAt", s.cursor,
  s.replay_message as "replayMessage", s.failures, s.retry_at as "retryAt", s.delivered, s.given_up as "givenUp",
  s.last_taken_at as "lastTakenAt", s.last_failure as "lastFailure", s.created_at as "createdAt",
  s.updated_at as "updatedAt",
  (select count(*)::int from event_stream_held h where h.app_id = s.app_id and h.stream_id = s.id) as held`;

const all = statement(
  'event-streams.all',
  `select ${COLUMNS} from event_streams s where s.app_id = $1 order by s.name`,
);

const one = statement(
  'event-streams.one',
  `select ${COLUMNS} from event_streams s where s.app_id = $1 and s.name = $2`,
);

/** No other write of the app's streams comes between what is read and what is written. */
const lock = statement('event-streams.lock', 'select from apps where id = $1 for update');

const insert = statement(
  'event-streams.insert',
  `insert into event_streams (app_id, id, name, kind, config, state, state_at, cursor, cursor_at, created_at, updated_at)
   values ($1, $2, $3, $4, $5, 'active', $7, $6, $7, $7, $7)`,
);

/** Whoever works it sees by updated_at that it goes on with other settings. */
const update = statement(
  'event-streams.update',
  `update event_streams set config = $3, updated_at = greatest($4, updated_at + interval '1 ms'), retry_at = null
   where app_id = $1 and id = $2`,
);

/** Whoever works it sees it at the next commit. */
const pause = statement(
  'event-streams.pause',
  `update event_streams set state = 'paused', reason = null, state_at = $3 where app_id = $1 and id = $2`,
);

/** What was under way for another owner is not written any more. */
const resume = statement(
  'event-streams.resume',
  `update event_streams set state = 'active', reason = null, state_at = $3, cursor = $4, failures = 0, pauses = 0,
     retry_at = null, owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2`,
);

const rewind = statement(
  'event-streams.rewind',
  `update event_streams set cursor = $3, cursor_at = $4, retry_at = null, owner = null, lease_until = null,
     epoch = epoch + 1
   where app_id = $1 and id = $2`,
);

const replay = statement(
  'event-streams.replay',
  `update event_streams set replay_message = $3, replay_cursor = $4, replay_end = $5, retry_at = null,
     owner = null, lease_until = null, epoch = epoch + 1
   where app_id = $1 and id = $2`,
);

const remove = statement('event-streams.remove', 'delete from event_streams where app_id = $1 and id = $2');

const messageAt = statement(
  'event-streams.message-at',
  'select queued_at as "queuedAt" from messages where app_id = $1 and id = $2',
);

/** In the order of their names. */
export function streamsOf(database: Queryable, appId: string): Promise<StreamRow[]> {
  return database.rows<StreamRow>(all, [appId]);
}

export async function findStream(
  database: Queryable,
  appId: string,
  name: string,
): Promise<StreamRow | null> {
  return (await database.rows<StreamRow>(one, [appId, name]))[0] ?? null;
}

export async function lockStreams(transaction: Queryable, appId: string): Promise<void> {
  await transaction.rows(lock, [appId]);
}

export async function insertStream(
  transaction: Queryable,
  appId: string,
  { id, name, kind, config, cursor }: Pick<StreamRow, 'id' | 'name' | 'kind' | 'config' | 'cursor'>,
  now: number,
): Promise<void> {
  await transaction.run(insert, [appId, id, name, kind, config, cursor, new Date(now)]);
}

export async function updateStream(
  transaction: Queryable,
  appId: string,
  { id, config }: Pick<StreamRow, 'id' | 'config'>,
  now: number,
): Promise<void> {
  await transaction.run(update, [appId, id, config, new Date(now)]);
}

export async function pauseStream(
  transaction: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<void> {
  await transaction.run(pause, [appId, id, new Date(now)]);
}

export async function resumeStream(
  transaction: Queryable,
  appId: string,
  { id, cursor }: Pick<StreamRow, 'id' | 'cursor'>,
  now: number,
): Promise<void> {
  await transaction.run(resume, [appId, id, new Date(now), cursor]);
}

/** Everything behind `cursor` is sent again, or left out. */
export async function rewindStream(
  transaction: Queryable,
  appId: string,
  { id, cursor }: Pick<StreamRow, 'id' | 'cursor'>,
  now: number,
): Promise<void> {
  await transaction.run(rewind, [appId, id, cursor, new Date(now)]);
}

export interface MessageReplay {
  readonly messageId: string;
  /** Encoded cursors: where it begins, and where it ends. */
  readonly from: string;
  readonly end: string;
}

export async function replayMessage(
  transaction: Queryable,
  appId: string,
  id: string,
  { messageId, from, end }: MessageReplay,
): Promise<void> {
  await transaction.run(replay, [appId, id, messageId, from, end]);
}

export async function removeStream(transaction: Queryable, appId: string, id: string): Promise<void> {
  await transaction.run(remove, [appId, id]);
}

/** When a message was accepted; null when the app has none of this id. */
export async function messageQueuedAt(
  database: Queryable,
  appId: string,
  messageId: string,
): Promise<Date | null> {
  const [row] = await database.rows<{ queuedAt: Date }>(messageAt, [appId, messageId]);
  return row?.queuedAt ?? null;
}
