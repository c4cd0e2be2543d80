const known = new Map<string, boolean>();

/**
 * Whether this is the name of an IANA time zone. Node takes "+01:00" too; an offset is no zone, because it knows
 * no summer time.
 */
export function isTimeZone(name: string): boolean {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (!/^[A-Za-z]/u.test(name) || !isTaken(name)) return false;
  // Only what is one is kept: there are a few hundred.
  known.set(name, true);
  return true;
}

function isTaken(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
