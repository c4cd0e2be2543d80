import type { Channel, ChangeOfSendingPolicy, SendingPolicyAnswer } from '@carillon/wire';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { isTimeZone } from '../../platform/time-zone.ts';

/** When an app's messages may go. */
export interface SendingPolicy {
  /** Of users who have told none. */
  readonly timeZone: string;
  /** `HH:MM` by the user's clock; over midnight where `to` is the earlier one. */
  readonly quietHours: ({ readonly from: string; readonly to: string } & OnChannels) | null;
  readonly frequencyCap: ({ readonly messages: number; readonly minutes: number } & OnChannels) | null;
  /** Recipients a minute of a message to an audience. */
  readonly perMinute: number | null;
}

interface OnChannels {
  readonly channels: readonly Channel[];
}

const CHANNELS: readonly Channel[] = ['email', 'push', 'sms'];
const NO_RULE: SendingPolicyAnswer = {
  time_zone: 'UTC',
  quiet_hours: null,
  frequency_cap: null,
  throttle_rate_per_minute: null,
};

export const AT_ANY_TIME: SendingPolicy = sendingPolicyOf(null);

/** Defaults filled in. */
export function sendingPolicyOf(stored: Partial<SendingPolicyAnswer> | null): SendingPolicy {
  const { time_zone, quiet_hours: quiet, frequency_cap: cap, ...rest } = { ...NO_RULE, ...stored };
  return {
    timeZone: time_zone,
    quietHours: quiet && { ...quiet, channels: quiet.channels ?? CHANNELS },
    frequencyCap: cap && { ...cap, channels: cap.channels ?? CHANNELS },
    perMinute: rest.throttle_rate_per_minute,
  };
}

/**
 * What is stored after a change: absent leaves what is there, null brings the default back. Throws ApiError for
 * what the schema cannot tell.
 */
export function changeSending(
  present: Partial<SendingPolicyAnswer> | null,
  change: ChangeOfSendingPolicy | undefined,
): Partial<SendingPolicyAnswer> | null {
  if (change === undefined) return present;
  const { time_zone: zone, quiet_hours: quiet } = change;
  if (zone !== undefined && zone !== null && !isTimeZone(zone)) {
    throw invalidField(
      'sending.time_zone',
      `must be an IANA time zone, such as Europe/Berlin; "${zone}" is not`,
    );
  }
  if (quiet !== undefined && quiet !== null && quiet.from === quiet.to) {
    throw invalidField(
      'sending.quiet_hours',
      'must begin and end at different times: nothing would ever be sent',
    );
  }
  const kept = Object.entries({ ...present, ...change }).filter(([, value]) => value !== null);
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

export function presentSending({
  timeZone,
  quietHours,
  frequencyCap,
  perMinute,
}: SendingPolicy): SendingPolicyAnswer {
  return {
    time_zone: timeZone,
    quiet_hours: quietHours && { ...quietHours, channels: [...quietHours.channels] },
    frequency_cap: frequencyCap && { ...frequencyCap, channels: [...frequencyCap.channels] },
    throttle_rate_per_minute: perMinute,
  };
}
