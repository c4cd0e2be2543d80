const ISO_8601 = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d(:?\d\d)?)?)?$/i;
const SECONDS = /^-?\d{1,12}(\.\d+)?$/;

/**
 * A time as properties and tags hold it: ISO 8601 (UTC when it names no offset), or seconds since the
 * epoch, as a number or as text. Milliseconds since the epoch; null for anything else.
 */
export function parseMoment(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? withinRange(value * 1_000) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (SECONDS.test(text)) return withinRange(Number(text) * 1_000);
  if (!ISO_8601.test(text)) return null;
  const [day = '', time = ''] = text.split(/(?<=^.{10})[T ]/i);
  const offset = /(Z|[+-]\d\d(:?\d\d)?)$/i.exec(time)?.[0] ?? '';
  const clock = time.slice(0, time.length - offset.length).trim();
  return withinRange(Date.parse(`${day}T${clock === '' ? '00:00' : clock}${fullOffset(offset)}`));
}

/** `+02` and `+0200` as `+02:00`. */
function fullOffset(offset: string): string {
  if (offset === '' || offset.toUpperCase() === 'Z') return 'Z';
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** The years 0 to 9999, which every database and every client can write. */
const LEAST = Date.parse('0000-01-01T00:00:00Z');
const MOST = Date.parse('9999-12-31T23:59:59Z');

function withinRange(at: number): number | null {
  return at >= LEAST && at <= MOST ? Math.round(at) : null;
}
