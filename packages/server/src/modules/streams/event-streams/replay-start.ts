import type { ReplayEventStreamBody } from '@carillon/wire';
import type { Queryable } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { invalidField } from '../../../platform/http/invalid-field.ts';
import { cursorBefore, decodeFeedCursor, encodeFeedCursor, feedEnd } from '../../feed/index.ts';
import { messageQueuedAt } from './stream-store.ts';

/** What is sent again: everything from a cursor on, or one message's events up to now. */
export type ReplayStart =
  | { readonly kind: 'all'; readonly from: string }
  | { readonly kind: 'message'; readonly messageId: string; readonly from: string; readonly end: string };

/** Throws ApiError `request-invalid`, `feed-cursor`, `event-stream-no-such-event`. */
export async function replayStart(
  database: Queryable,
  appId: string,
  { from, cursor, message_id: messageId }: ReplayEventStreamBody,
): Promise<ReplayStart> {
  if ([from, cursor, messageId].filter((one) => one !== undefined).length !== 1) {
    throw invalidField('from', 'must be alone: give one of from, cursor and message_id');
  }
  if (cursor !== undefined) return { kind: 'all', from: encodeFeedCursor(decodeFeedCursor(cursor)) };
  if (from !== undefined) {
    return { kind: 'all', from: encodeFeedCursor(await cursorBefore(database, appId, Date.parse(from))) };
  }
  const queuedAt = await messageQueuedAt(database, appId, messageId ?? '');
  if (queuedAt === null) throw new ApiError('event-stream-no-such-event');
  return {
    kind: 'message',
    messageId: messageId ?? '',
    from: encodeFeedCursor(await cursorBefore(database, appId, queuedAt.getTime())),
    end: encodeFeedCursor(await feedEnd(database)),
  };
}
