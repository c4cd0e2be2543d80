import type { CreateMessageBody } from '@carillon/wire';
import { isUuid } from '../../../platform/ids.ts';
import { BY_SYSTEM } from '../../identity/index.ts';
import type { ChangeSource } from '../../identity/index.ts';
import { parseTargeting } from './parse-targeting.ts';
import type { Targeting } from './parse-targeting.ts';
import { wrong } from '../wrong-field.ts';

/** A request for a message, checked as far as that goes without the database. */
export interface MessageDraft {
  readonly appId: string;
  /** Who asks, for the history of subscriptions that come of it. */
  readonly source: ChangeSource;
  readonly targeting: Targeting;
  readonly idempotencyKey: string | null;
  /** Milliseconds since the epoch; the past means now. */
  readonly sendAfter: number | null;
  readonly body: CreateMessageBody;
}

const MOST_CUSTOM_DATA_BYTES = 10_000;
const END_OF_TIME = Date.UTC(9999, 11, 31);

/** Fields that would change who gets a message or when: ignoring them would send the wrong thing. */
const NOT_YET = ['include_phone_numbers', 'delayed_option', 'include_unsubscribed', 'email_bcc'];

/** Throws ApiError, with the documented sentence where one is known. */
export function parseMessage(
  appId: string,
  body: CreateMessageBody,
  source: ChangeSource = BY_SYSTEM,
): MessageDraft {
  refuseWhatIsNotBuilt(body);
  const idempotencyKey = body.idempotency_key ?? body.external_id ?? null;
  if (idempotencyKey !== null && !isUuid(idempotencyKey)) throw wrong('idempotency_key', 'must be a UUID');
  const size = Buffer.byteLength(JSON.stringify(body.custom_data ?? {}));
  if (size > MOST_CUSTOM_DATA_BYTES) {
    throw wrong(
      'custom_data',
      `must be at most ${MOST_CUSTOM_DATA_BYTES} bytes of JSON for email; it is ${size}`,
    );
  }
  return {
    appId,
    source,
    targeting: parseTargeting(body),
    idempotencyKey,
    sendAfter: parseTime(body.send_after),
    body,
  };
}

function parseTime(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text === '') return null;
  const time = new Date(text).getTime();
  // Later years are written in a form that PostgreSQL does not read.
  if (Number.isNaN(time) || time > END_OF_TIME) {
    throw wrong(
      'send_after',
      `must be a time such as 2026-09-24T14:00:00-07:00; "${text.slice(0, 60)}" is not`,
    );
  }
  return time;
}

function refuseWhatIsNotBuilt(body: CreateMessageBody): void {
  const given = new Map<string, unknown>(Object.entries(body));
  for (const field of NOT_YET) {
    const value = given.get(field);
    if (value === undefined || value === null || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    throw wrong(field, 'is not supported yet');
  }
}
