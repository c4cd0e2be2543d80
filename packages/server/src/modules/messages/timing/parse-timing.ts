import { isDeepStrictEqual } from 'node:util';
import type { CreateMessageBody } from '@carillon/wire';
import { wrong } from '../wrong-field.ts';
import { parseTimeOfDay } from './time-of-day.ts';
import { AT_ONCE } from './timing.ts';
import type { Spread, Timing } from './timing.ts';

const END_OF_TIME = Date.UTC(9999, 11, 31);
const MOST_A_MINUTE = 10_000_000;

/**
 * When a message is to go to whom, by its request; null for everybody at once. `due` is its `send_after`, or now.
 * Throws ApiError naming the field.
 */
export function parseTiming(body: CreateMessageBody, due: number): Timing | null {
  const spread = parseSpread(body, due);
  const perMinute = parseRate(body.throttle_rate_per_minute);
  if (spread !== null && perMinute !== null) {
    throw wrong('throttle_rate_per_minute', 'cannot be combined with delayed_option: set it to 0');
  }
  const expiresAt = parseTime('expires_at', body.expires_at);
  if (expiresAt !== null && expiresAt <= due) {
    throw wrong('expires_at', `must be after send_after, or the present time: ${body.expires_at} is not`);
  }
  const timing = {
    spread,
    perMinute,
    ...endOf(body.ttl ?? null, spread, expiresAt, due),
    overridesFrequencyCap: body.enable_frequency_cap === false,
    ignoresQuietHours: body.ignore_quiet_hours === true,
  };
  return isDeepStrictEqual(timing, AT_ONCE) ? null : timing;
}

/** Milliseconds since the epoch; null where nothing is given. */
export function parseTime(field: string, text: string | null | undefined): number | null {
  if (text === null || text === undefined || text === '') return null;
  const time = new Date(text).getTime();
  // Later years are written in a form that PostgreSQL does not read.
  if (Number.isNaN(time) || time > END_OF_TIME) {
    throw wrong(field, `must be a time such as 2026-09-24T14:00:00-07:00; "${text.slice(0, 60)}" is not`);
  }
  return time;
}

function parseSpread(body: CreateMessageBody, from: number): Spread | null {
  const { delayed_option: option, delivery_time_of_day: time } = body;
  switch (option ?? 'immediate') {
    case 'immediate':
      if (time !== undefined && time !== null) {
        throw wrong('delivery_time_of_day', 'needs delayed_option "timezone"');
      }
      return null;
    case 'last-active':
      return { kind: 'last-active', from };
    case 'timezone': {
      if (time === undefined || time === null)
        return { kind: 'time-zone', from, second: secondOfUtcDay(from) };
      const second = parseTimeOfDay(time);
      if (second === null) {
        throw wrong(
          'delivery_time_of_day',
          `must be a time of day such as 9:00AM, 21:45 or 09:45:30; "${time.slice(0, 60)}" is not`,
        );
      }
      return { kind: 'time-zone', from, second };
    }
    default:
      throw wrong(
        'delayed_option',
        `must be timezone, last-active or immediate; "${option?.slice(0, 60)}" is not`,
      );
  }
}

function secondOfUtcDay(at: number): number {
  return Math.floor(at / 1_000) % 86_400;
}

/** Old clients send it as text. 0 is no throttle. */
function parseRate(given: number | string | null | undefined): number | null {
  if (given === null || given === undefined) return null;
  const rate = Number(given);
  if (!Number.isInteger(rate) || rate < 0 || rate > MOST_A_MINUTE) {
    throw wrong('throttle_rate_per_minute', `must be a whole number from 0 to ${MOST_A_MINUTE}`);
  }
  return rate === 0 ? null : rate;
}

/** A time to live of 0 is for the provider alone: at the platform's side it is "now or never". */
export function endOf(
  ttl: number | null,
  spread: Spread | null,
  expiresAt: number | null,
  due: number,
): Pick<Timing, 'expiresAt' | 'ttlMs'> {
  if (ttl === null || ttl === 0) return { expiresAt, ttlMs: null };
  // Without a time of their own everybody's turn is when the message is due.
  if (spread === null) return { expiresAt: Math.min(expiresAt ?? Infinity, due + ttl * 1_000), ttlMs: null };
  return { expiresAt, ttlMs: ttl * 1_000 };
}
