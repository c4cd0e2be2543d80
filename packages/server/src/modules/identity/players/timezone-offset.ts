import { zoneOffset } from '../../../platform/liquid/index.ts';

const HOUR = 3_600;

/** Zones that keep an offset which is no whole hour all the year. */
const BY_OFFSET: ReadonlyMap<number, string> = new Map([
  [-9.5 * HOUR, 'Pacific/Marquesas'],
  [3.5 * HOUR, 'Asia/Tehran'],
  [4.5 * HOUR, 'Asia/Kabul'],
  [5.5 * HOUR, 'Asia/Kolkata'],
  [5.75 * HOUR, 'Asia/Kathmandu'],
  [6.5 * HOUR, 'Asia/Yangon'],
  [8.75 * HOUR, 'Australia/Eucla'],
  [9.5 * HOUR, 'Australia/Darwin'],
]);

/** Seconds east of Greenwich at that moment. */
export function offsetOf(timezoneId: string, moment: number): number {
  return zoneOffset(timezoneId, moment) * 60;
}

/**
 * An IANA zone for what old clients tell: seconds east of Greenwich. It knows no summer time. A zone
 * that has this offset at that moment is kept, because it says more. Null for an offset that no zone
 * keeps.
 */
export function zoneAt(seconds: number, present: string | null, moment: number): string | null {
  if (present !== null && offsetOf(present, moment) === seconds) return present;
  const hours = seconds / HOUR;
  if (!Number.isInteger(hours)) return BY_OFFSET.get(seconds) ?? null;
  if (hours < -12 || hours > 14) return null;
  // The names of these zones count westwards.
  return hours === 0 ? 'Etc/UTC' : `Etc/GMT${hours < 0 ? '+' : '-'}${Math.abs(hours)}`;
}
