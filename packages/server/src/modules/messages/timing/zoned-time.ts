import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from '../../../platform/time-zone.ts';

const DAY_S = 86_400;
/** Clocks everywhere are changed at a multiple of this. */
const STEP_MS = 15 * 60_000;
const MOST_KEPT = 5_000;

/** Working one out takes some twenty microseconds, and a broadcast asks for the same ones over and over. */
const offsets = new Map<string, number>();
const instants = new Map<string, number>();

/** What clocks in a time zone show at an instant: seconds since midnight. */
export function secondOfDay(zone: string, at: number): number {
  const step = Math.floor(at / STEP_MS);
  const offset = kept(
    offsets,
    `${zone} ${step}`,
    () => zoned(zone, step * STEP_MS).offsetNanoseconds / 1_000_000,
  );
  const second = Math.floor((at + offset) / 1_000) % DAY_S;
  return second < 0 ? second + DAY_S : second;
}

/**
 * The first instant, at or after `from`, at which clocks in a time zone show a second of the day. Where they
 * are put forward over it, the one that is as far behind midnight as it would have been; where they show it
 * twice, the earlier one (RFC 5545 section 3.3.5).
 *
 * @param zone an IANA name; one that is unknown here counts as UTC
 * @param second since midnight
 * @param from milliseconds since the epoch
 */
export function nextTimeOfDay(zone: string, second: number, from: number): number {
  return kept(instants, `${zone} ${second} ${from}`, () => {
    const today = zoned(zone, from).toPlainDate();
    const time = new Temporal.PlainTime(
      Math.floor(second / 3_600),
      Math.floor(second / 60) % 60,
      second % 60,
    );
    // The day before: where clocks are put back over midnight, its end is still to come.
    for (const days of [-1, 0, 1, 2]) {
      const there = today.add({ days }).toZonedDateTime({ timeZone: known(zone), plainTime: time });
      if (there.epochMilliseconds >= from) return there.epochMilliseconds;
    }
    throw new Error(`no ${second} s of the day in ${zone} after ${from}`);
  });
}

function zoned(zone: string, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(known(zone));
}

/** Zones were checked when they were told; the data of this machine may still be older. */
function known(zone: string): string {
  return isTimeZone(zone) ? zone : 'UTC';
}

function kept(memory: Map<string, number>, key: string, make: () => number): number {
  const found = memory.get(key);
  if (found !== undefined) return found;
  if (memory.size >= MOST_KEPT) memory.clear();
  const made = make();
  memory.set(key, made);
  return made;
}
