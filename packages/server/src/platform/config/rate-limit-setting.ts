import type { RateLimit } from '@carillon/wire';
import { Type } from 'typebox';

/** `6000`: requests a second. `10/60`: requests in so many seconds. `off`: no limit. */
export const rateLimitSchema = Type.Union([
  Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  Type.String({ pattern: '^(off|(1000000|[1-9]\\d{0,5})(/(3600|3[0-5]\\d\\d|[12]\\d{3}|[1-9]\\d{0,2}))?)$' }),
]);

export const RATE_LIMIT_RULE =
  'a whole number of requests a second from 1 to 1000000, such a number and the seconds of its window (1 to 3600) as 10/60, or off';

/** Reads what `rateLimitSchema` accepts. */
export function readRateLimit(value: string | number): RateLimit {
  if (value === 'off') return { limit: null, window_seconds: 1 };
  const [limit, seconds = '1'] = String(value).split('/');
  return { limit: Number(limit), window_seconds: Number(seconds) };
}
