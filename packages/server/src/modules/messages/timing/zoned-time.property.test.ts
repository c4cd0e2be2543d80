import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTimeOfDay, secondOfDay } from './zoned-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ZONES = [
  'UTC',
  'Europe/Amsterdam',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/Santiago',
];
const zone = fc.constantFrom(...ZONES);
/** Around the changes of clocks too: every quarter of an hour of three years. */
const instant = fc
  .integer({ min: 0, max: (3 * 365 * 24 * HOUR) / MINUTE })
  .map((minutes) => Date.UTC(2026, 0, 1) + minutes * MINUTE);

/** What the platform's own calendar says, slowly. */
function shownAt(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return (of('hour') * 60 + of('minute')) * 60 + of('second');
}

test('the second of the day is what clocks there show', () => {
  fc.assert(
    fc.property(zone, instant, (name, at) => {
      expect(secondOfDay(name, at)).toBe(shownAt(name, at));
    }),
  );
});

test('the next time of day is the first minute that shows it, or the first behind a gap over it', () => {
  fc.assert(
    fc.property(zone, instant, fc.integer({ min: 0, max: 1_439 }), (name, from, minute) => {
      const second = minute * 60;
      const next = nextTimeOfDay(name, second, from);
      expect(next).toBeGreaterThanOrEqual(from);
      // A day is at most an hour longer than usual; in a gap the time is shown an hour late.
      expect(next - from).toBeLessThanOrEqual(26 * HOUR);
      // In a gap it is shown as late as the gap is long.
      expect([0, HOUR / 2_000, HOUR / 1_000]).toContain(shownAt(name, next) - second);
      // Nothing before it shows that time: clocks are changed at whole quarters of an hour.
      for (let quarter = from; quarter < next; quarter += 15 * MINUTE) {
        const ahead = (minute - Math.floor(shownAt(name, quarter) / 60) + 1_440) % 15;
        const candidate = Math.min(quarter + ahead * MINUTE, next - 1);
        expect(shownAt(name, candidate)).not.toBe(second);
      }
    }),
    { numRuns: 200 },
  );
});

test('a time that clocks leap over comes as late as it would have, one that they show twice comes first', () => {
  const half = 2.5 * 3_600;
  expect(nextTimeOfDay('Europe/Amsterdam', half, Date.parse('2026-03-29T00:00:00Z'))).toBe(
    Date.parse('2026-03-29T01:30:00Z'),
  );
  expect(nextTimeOfDay('Europe/Amsterdam', half, Date.parse('2026-10-24T12:00:00Z'))).toBe(
    Date.parse('2026-10-25T00:30:00Z'),
  );
  expect(nextTimeOfDay('Europe/Amsterdam', half, Date.parse('2026-10-25T00:31:00Z'))).toBe(
    Date.parse('2026-10-26T01:30:00Z'),
  );
});

test('an unknown zone counts as UTC', () => {
  expect(nextTimeOfDay('Nowhere/At_All', 3_600, Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 1, 1));
});
