import type { Channel, SubscriptionInput, SubscriptionType } from '@carillon/wire';
import { SUBSCRIPTION_TYPES } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import type { JsonValue } from '../../platform/database/json-bytes.ts';
import { isUuid } from '../../platform/ids.ts';
import { parseToken } from './address.ts';
import { parseConsent } from './consent.ts';
import type { ConsentFact } from './consent.ts';
import { channelOf, parseSubscriptionType } from './subscription-type.ts';
import { checkText, refuse } from './text-rule.ts';

/** What a request says about one subscription; null leaves what is there. */
export interface SubscriptionChanges {
  readonly enabled: boolean | null;
  readonly notificationTypes: number | null;
  /** What the device says about itself, under the wire names. */
  readonly device: Readonly<Record<string, JsonValue>>;
  readonly sessionCount: number | null;
  /** Seconds. */
  readonly sessionTime: number | null;
  /** What was said about being written to, where the request tells it. */
  readonly consent: ConsentFact | null;
}

/** One subscription of a create: an existing one, one known by its token, or a new one. */
export interface SubscriptionWrite extends SubscriptionChanges {
  readonly givenId: string | null;
  /** Null when the request holds only the id. */
  readonly address: Address | null;
}

export interface Address {
  readonly type: SubscriptionType;
  readonly channel: Channel;
  /** `""` for push that has not been granted yet. */
  readonly token: string;
}

const DEVICE_KEYS = [
  'sdk',
  'device_model',
  'device_os',
  'rooted',
  'test_type',
  'app_version',
  'net_type',
  'carrier',
  'web_auth',
  'web_p256',
] as const;

const LONGEST_DEVICE_TEXT = 255;

/** `now` in milliseconds. Throws ApiError `request-invalid` or `request-1`. */
export function parseSubscription(input: SubscriptionInput, now: number): SubscriptionWrite {
  const { givenId, address } = parseTarget(input);
  const { enabled, notificationTypes, device, sessionCount, sessionTime, consent } = parseChanges(input, now);
  // Field by field: a spread takes V8 longer than all the rest of this.
  return { enabled, notificationTypes, device, sessionCount, sessionTime, consent, givenId, address };
}

/** Which subscription a request means. Throws as parseSubscription. */
export function parseTarget(input: SubscriptionInput): Pick<SubscriptionWrite, 'givenId' | 'address'> {
  const givenId = input.id ?? null;
  if (givenId !== null && !isUuid(givenId)) {
    throw new ApiError('request-1', { meta: { subscription_id: givenId } });
  }
  const address = parseAddressOf(input);
  if (givenId === null && address === null) {
    refuse('subscription.type', 'and subscription.token are required, or the id of an existing subscription');
  }
  return { givenId: givenId?.toLowerCase() ?? null, address };
}

/** Everything about a subscription that may change while it stays what it is. */
export function parseChanges(input: SubscriptionInput, now: number): SubscriptionChanges {
  const device: Record<string, JsonValue> = {};
  for (const key of DEVICE_KEYS) {
    const value = input[key];
    if (value === undefined || value === null) continue;
    if (typeof value === 'string') checkText(`subscription.${key}`, value, LONGEST_DEVICE_TEXT);
    device[key] = value;
  }
  const consent = input.consent ? parseConsent('subscription.consent', input.consent, now) : null;
  if (consent !== null && (input.enabled ?? consent.granted) !== consent.granted) {
    refuse('subscription.enabled', 'must say the same as subscription.consent.granted. Leave it out');
  }
  return {
    enabled: consent?.granted ?? input.enabled ?? null,
    notificationTypes: checkInteger('subscription.notification_types', input.notification_types, -(2 ** 31)),
    device,
    sessionCount: checkInteger('subscription.session_count', input.session_count, 0),
    sessionTime: checkInteger('subscription.session_time', input.session_time, 0),
    consent,
  };
}

export function parseType(text: string): SubscriptionType {
  return (
    parseSubscriptionType(text) ??
    refuse('subscription.type', `must be one of ${SUBSCRIPTION_TYPES.join(', ')}`, text)
  );
}

function parseAddressOf(input: SubscriptionInput): Address | null {
  if (input.type === undefined || (input.token === undefined && input.id)) return null;
  const type = parseType(input.type);
  return { type, channel: channelOf(type), token: parseToken(type, input.token ?? '') };
}

function checkInteger(field: string, value: number | null | undefined, least: number): number | null {
  if (value === null || value === undefined) return null;
  if (!Number.isInteger(value) || value < least || value >= 2 ** 31) {
    refuse(field, `must be a whole number from ${least} to ${2 ** 31 - 1}`, value);
  }
  return value;
}
