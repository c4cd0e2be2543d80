/**
 * The moment that a template's value means, in milliseconds since the epoch: seconds since the
 * epoch as number or text, `now` and `today`, or a date in words. Text without a zone is UTC,
 * wherever the server stands. `undefined` when it is no moment.
 */
export function momentOf(value: unknown, now: number): number | undefined {
  if (typeof value === 'number') return whole(value * 1000);
  if (value instanceof Date) return whole(value.getTime());
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (text === '') return undefined;
  if (text === 'now' || text === 'today') return now;
  if (/^-?\d+(\.\d+)?$/.test(text)) return whole(Number(text) * 1000);
  const iso = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/.exec(text);
  if (iso) return whole(Date.parse(`${iso[1]}T${iso[2]}Z`));
  return whole(Date.parse(`${text} UTC`)) ?? whole(Date.parse(text));
}

/** Within what a Date can hold. */
function whole(milliseconds: number): number | undefined {
  return Math.abs(milliseconds) <= 8.64e15 ? Math.trunc(milliseconds) : undefined;
}
