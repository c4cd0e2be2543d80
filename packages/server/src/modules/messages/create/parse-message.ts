import type { Channel, CreateMessageBody, LiveActivity } from '@carillon/wire';
import { isUuid } from '../../../platform/ids.ts';
import { BY_SYSTEM } from '../../identity/index.ts';
import type { ChangeSource } from '../../identity/index.ts';
import { NO_SEGMENTS } from '../../segments/index.ts';
import type { SavedSegments } from '../../segments/index.ts';
import { chooseChannel } from './choose-channel.ts';
import { parseTargeting } from './parse-targeting.ts';
import type { Targeting } from './parse-targeting.ts';
import { parseTime } from '../timing/parse-timing.ts';
import { wrong } from '../wrong-field.ts';

/** A request for a message, checked as far as that goes without the database. */
export interface MessageDraft {
  readonly appId: string;
  /** Who asks, for the history of subscriptions that come of it. */
  readonly source: ChangeSource;
  /** Null where its template tells. */
  readonly channel: Channel | null;
  readonly targeting: Targeting;
  readonly idempotencyKey: string | null;
  /** Milliseconds since the epoch; the past means now. */
  readonly sendAfter: number | null;
  readonly body: CreateMessageBody;
  /** What it is about instead of a notification. */
  readonly liveActivity?: LiveActivity;
}

/**
 * `saved`: the app's segments of the names in the request. Throws ApiError, with the documented sentence where one is
 * known.
 */
export function parseMessage(
  appId: string,
  body: CreateMessageBody,
  source: ChangeSource = BY_SYSTEM,
  saved: SavedSegments = NO_SEGMENTS,
): MessageDraft {
  const idempotencyKey = body.idempotency_key ?? body.external_id ?? null;
  if (idempotencyKey !== null && !isUuid(idempotencyKey)) throw wrong('idempotency_key', 'must be a UUID');
  return {
    appId,
    source,
    channel: chooseChannel(body),
    targeting: parseTargeting(body, saved),
    idempotencyKey,
    sendAfter: parseTime('send_after', body.send_after),
    body,
  };
}
