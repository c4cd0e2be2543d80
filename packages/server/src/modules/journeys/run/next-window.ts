import { Temporal } from 'temporal-polyfill';
import { isTimeZone } from '../../../platform/time-zone.ts';
import type { TimeWindow } from '../definition/definition.ts';

const DAY_MS = 86_400_000;
/** A week, and one more for a window that clocks were put forward over. */
const DAYS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8];

/** From `start` on, before `end`, in milliseconds since the epoch. */
export interface Opening {
  readonly start: number;
  readonly end: number;
}

/**
 * The opening that `at` lies in, else the next one. Null when there are no windows. A window that ends at or
 * before its start ends the day after. Clocks that are put forward or back move an opening as people expect:
 * it begins when clocks there show its start, for the first time, or at the moment they skipped it.
 */
export function openingAt(windows: readonly TimeWindow[], zone: string, at: number): Opening | null {
  const memory = memoryOf(windows, zone);
  // Users of one zone ask for the same moment over and over, and working it out takes long.
  if (memory.found !== null && at >= memory.from && at < memory.found.end) return memory.found;
  const found = findOpening(windows, zone, at);
  memory.from = at;
  memory.found = found;
  return found;
}

/** The next instant at which clocks in the zone show the time of day of `like`, inside of an opening. */
export function nextTimeLike(
  windows: readonly TimeWindow[],
  zone: string,
  like: number,
  at: number,
): number | null {
  const time = zoned(zone, like).toPlainTime();
  const today = zoned(zone, at).toPlainDate();
  for (const days of DAYS) {
    const moment = today
      .add({ days })
      .toZonedDateTime({ timeZone: known(zone), plainTime: time }).epochMilliseconds;
    if (moment < at) continue;
    const opening = findOpening(windows, zone, moment);
    if (opening !== null && opening.start <= moment) return moment;
  }
  return null;
}

function findOpening(windows: readonly TimeWindow[], zone: string, at: number): Opening | null {
  const today = zoned(zone, at).toPlainDate();
  let best: Opening | null = null;
  for (const window of windows) {
    for (const days of DAYS) {
      const day = today.add({ days });
      if (window.dayOfWeek !== null && window.dayOfWeek !== day.dayOfWeek) continue;
      const opening = openingOn(day, window, zone);
      if (opening.end <= at) continue;
      if (best === null || opening.start < best.start) best = opening;
      break;
    }
  }
  return best;
}

function openingOn(day: Temporal.PlainDate, { start, end }: TimeWindow, zone: string): Opening {
  const lasts =
    (((end.hour - start.hour) * 60 + end.minute - start.minute) * 60_000 + DAY_MS) % DAY_MS || DAY_MS;
  const overMidnight = end.hour * 60 + end.minute <= start.hour * 60 + start.minute;
  const from = instantOf(day, start, zone);
  const to = instantOf(overMidnight ? day.add({ days: 1 }) : day, end, zone);
  return { start: from, end: to > from ? to : from + lasts };
}

function instantOf(
  day: Temporal.PlainDate,
  { hour, minute }: { readonly hour: number; readonly minute: number },
  zone: string,
): number {
  const isEndOfDay = hour === 24;
  return (isEndOfDay ? day.add({ days: 1 }) : day).toZonedDateTime({
    timeZone: known(zone),
    plainTime: new Temporal.PlainTime(isEndOfDay ? 0 : hour, minute),
  }).epochMilliseconds;
}

interface Memory {
  from: number;
  found: Opening | null;
}

const memories = new WeakMap<readonly TimeWindow[], Map<string, Memory>>();

/** One answer for each zone, as long as the version of the journey is in memory. */
function memoryOf(windows: readonly TimeWindow[], zone: string): Memory {
  let zones = memories.get(windows);
  if (zones === undefined) memories.set(windows, (zones = new Map()));
  let memory = zones.get(zone);
  if (memory === undefined) zones.set(zone, (memory = { from: Infinity, found: null }));
  return memory;
}

function zoned(zone: string, at: number): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(known(zone));
}

/** Zones were checked when they were told; the data of this machine may still be older. */
function known(zone: string): string {
  return isTimeZone(zone) ? zone : 'UTC';
}
