import type { Finding } from '../../model/source.ts';
import { spanOf } from '../ago.ts';

/** A signature of a webhook is believed for minutes, and so is the age of a message. */
const MOST_MS = 30_000;

/** Compares our clock with the target's, which every answer tells. null where it tells none. */
export async function checkClock(url: string): Promise<Finding | null> {
  const asked = Date.now();
  const told = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5000) })
    .then((response) => response.headers.get('date'))
    .catch(() => null);
  return told === null ? null : clockFinding(Date.parse(told), (asked + Date.now()) / 2);
}

/** Pure: `there` is a clock that tells whole seconds. */
export function clockFinding(there: number, here: number): Finding {
  const apart = Math.abs(here - there - 500);
  if (apart <= MOST_MS)
    return { what: 'clock', state: 'good', detail: 'agrees with that of the target', fix: null };
  const way = here > there ? 'behind' : 'ahead of';
  return {
    what: 'clock',
    state: 'warning',
    detail: `the target's is ${spanOf(apart)} ${way} this machine's`,
    fix: 'set the clocks by NTP: ages of messages and signatures are judged by them',
  };
}
