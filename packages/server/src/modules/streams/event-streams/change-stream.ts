import type { Clock } from '../../../platform/clock.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { recordChange } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { findStream, lockStreams } from './stream-store.ts';
import type { StreamRow } from './stream-store.ts';

export interface ChangeStreamOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Called after a stream was set, resumed or moved. */
  readonly onChange: () => void;
}

/** What is done to which stream, and by whom. */
export interface StreamChange {
  readonly appId: string;
  readonly name: string;
  readonly author: Author;
  readonly action: StreamAction;
}

/** Throws ApiError `event-stream-not-found`. */
export async function findNamedStream(database: Queryable, appId: string, name: string): Promise<StreamRow> {
  const row = await findStream(database, appId, name);
  if (row === null) throw new ApiError('event-stream-not-found', { params: { name } });
  return row;
}

/** Changes a stream that is there, and writes it into the audit log. Throws ApiError `event-stream-not-found`. */
export async function changeStream(
  { database, clock, onChange }: ChangeStreamOptions,
  { appId, name, author, action }: StreamChange,
  work: (transaction: Queryable, row: StreamRow, now: number) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockStreams(transaction, appId);
    const row = await findNamedStream(transaction, appId, name);
    const now = clock.now();
    await work(transaction, row, now);
    await recordChange(transaction, now, author, changeOf(appId, row, action));
  });
  onChange();
}

type StreamAction =
  | 'event_stream.updated'
  | 'event_stream.deleted'
  | 'event_stream.paused'
  | 'event_stream.resumed'
  | 'event_stream.replayed'
  | 'event_stream.rotated';

export function changeOf<Action extends StreamAction>(
  appId: string,
  { id, name }: { readonly id: string; readonly name: string },
  action: Action,
) {
  return { action, appId, target: { type: 'event_stream', id, name } } as const;
}
