/**
 * How long `Retry-After` asks to wait, in milliseconds: seconds or a date (RFC 9110, section 10.2.3). Null where
 * it is absent or neither. `now` is in milliseconds since the epoch.
 */
export function readRetryAfter(value: string | readonly string[] | undefined, now: number): number | null {
  if (typeof value !== 'string') return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000;
  // Date.parse alone takes much for a date that is none.
  const at = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
