const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/**
 * Minutes east of Greenwich at that moment in `zone`: an IANA name, or an offset such as `+05:30`.
 * 0 for what is no zone.
 */
export function zoneOffset(zone: unknown, moment: number): number {
  if (typeof zone !== 'string' || zone === 'UTC') return 0;
  const fixed = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (fixed) return (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 60 + Number(fixed[3]));
  const text = formatOf(zone)?.format(moment);
  // "11/3/2026, GMT-03:30"; just "GMT" at Greenwich.
  const named = text === undefined ? null : /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  return named ? (named[1] === '-' ? -1 : 1) * (Number(named[2]) * 60 + Number(named[3])) : 0;
}

/** There are some 600 zones, and making a format costs 50 microseconds. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone) && formats.size < 1000) formats.set(zone, makeFormat(zone));
  return formats.get(zone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}
