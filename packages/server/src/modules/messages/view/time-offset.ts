import { isUuid } from '../../../platform/ids.ts';
import { wrong } from '../wrong-field.ts';

/** A place among messages in the order of their `send_after`: behind the message that is due then. */
export interface TimeOffset {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of the messages that are due at the same moment, those with a higher id come behind it. */
  readonly id: string;
}

const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i;
const END_OF_TIME = Date.UTC(9999, 11, 31);

/** The token for the place behind a message: base64 of `<time>#<id>`. */
export function writeTimeOffset({ at, id }: TimeOffset): string {
  return Buffer.from(`${new Date(at).toISOString()}#${id}`).toString('base64');
}

/**
 * A token, or a time: then what is due at that very moment is not behind it. Throws ApiError
 * `message-field`.
 */
export function readTimeOffset(text: string): TimeOffset {
  const [time = '', id = ''] = ISO_8601.test(text)
    ? [text, HIGHEST_ID]
    : Buffer.from(text, 'base64').toString().split('#');
  const at = ISO_8601.test(time) ? Date.parse(time) : NaN;
  if (Number.isNaN(at) || at > END_OF_TIME || !isUuid(id)) {
    throw wrong(
      'time_offset',
      'must be an ISO 8601 time such as 2026-01-31T09:00:00Z, or the next_time_offset of an earlier answer',
    );
  }
  return { at, id };
}
