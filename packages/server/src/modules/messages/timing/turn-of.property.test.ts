import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AT_ONCE } from './timing.ts';
import type { Timing } from './timing.ts';
import { turnOf } from './turn-of.ts';
import type { AppHours, TimedRecipient } from './turn-of.ts';
import { secondOfDay } from './zoned-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 9, 1);
const NO_HOURS: AppHours = { quiet: null, timeZone: 'UTC' };

const zone = fc.constantFrom(
  'UTC',
  'Europe/Amsterdam',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Auckland',
);
const instant = fc.integer({ min: 0, max: 60 * 24 * 60 }).map((minutes) => START + minutes * MINUTE);
const second = fc.integer({ min: 0, max: 1_439 }).map((minute) => minute * 60);
const recipient: fc.Arbitrary<TimedRecipient> = fc.record({
  timezoneId: fc.option(zone),
  lastActive: fc.option(instant),
});
const spread = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constant('time-zone' as const), from: instant, second }),
  fc.record({ kind: fc.constant('last-active' as const), from: instant }),
);
const timing: fc.Arbitrary<Timing> = fc.record({
  spread,
  expiresAt: fc.option(instant),
  ttlMs: fc.option(fc.integer({ min: 1, max: 3 * 24 * 60 }).map((minutes) => minutes * MINUTE)),
  perMinute: fc.constant(null),
  overridesFrequencyCap: fc.boolean(),
  ignoresQuietHours: fc.boolean(),
});
const hours: fc.Arbitrary<AppHours> = fc.record({
  quiet: fc.option(fc.record({ from: second, to: second }).filter(({ from, to }) => from !== to)),
  timeZone: zone,
});

/** What a clerk would do who looks every minute: the first minute at which it may go, or null when it never may. */
function firstMinute(who: TimedRecipient, asked: Timing, app: AppHours, now: number): number | null {
  const there = who.timezoneId ?? app.timeZone;
  for (let at = now; at < now + 63 * DAY; at += MINUTE) {
    if (asked.expiresAt !== null && at >= asked.expiresAt) return null;
    const { quiet } = app;
    const clock = secondOfDay(there, at);
    const inside =
      quiet !== null &&
      (quiet.from < quiet.to
        ? clock >= quiet.from && clock < quiet.to
        : clock >= quiet.from || clock < quiet.to);
    if (!inside || asked.ignoresQuietHours) return at;
  }
  return null;
}

test('whoever waits for nothing of their own goes at the first minute that a clerk would take', () => {
  fc.assert(
    fc.property(recipient, timing, hours, instant, (who, asked, app, now) => {
      const plain = { ...asked, spread: null, ttlMs: null };
      const first = firstMinute(who, plain, app, now);
      const turn = turnOf(who, plain, app, now);
      const at = { now, later: turn.kind === 'later' ? turn.at : null, expired: null }[turn.kind];
      expect(at).toBe(first);
    }),
    { numRuns: 300 },
  );
});

test('whoever is looked at again when their turn comes goes within a day and a night, or expires', () => {
  fc.assert(
    fc.property(recipient, timing, hours, (who, asked, app) => {
      let now = asked.spread?.from ?? START;
      for (let looks = 0; ; looks += 1) {
        const turn = turnOf(who, asked, app, now);
        if (turn.kind !== 'later') break;
        expect(turn.at).toBeGreaterThan(now);
        now = turn.at;
        expect(looks).toBeLessThan(3);
      }
      // A day with an hour more, and quiet hours of almost a day behind it.
      expect(now - (asked.spread?.from ?? START)).toBeLessThanOrEqual(51 * HOUR);
    }),
  );
});

test('in a time zone it is the time of day that was asked for', () => {
  fc.assert(
    fc.property(zone, second, instant, (timezoneId, wanted, from) => {
      const asked: Timing = { ...AT_ONCE, spread: { kind: 'time-zone', from, second: wanted } };
      const turn = turnOf({ timezoneId, lastActive: null }, asked, NO_HOURS, from);
      const at = turn.kind === 'later' ? turn.at : from;
      // No clock of these zones leaps over it in these weeks but at night, by an hour.
      expect([wanted, wanted + 3_600]).toContain(secondOfDay(timezoneId, at));
      expect(at - from).toBeLessThanOrEqual(25 * HOUR);
    }),
  );
});

test('by the last activity it is that time of day, within a day', () => {
  fc.assert(
    fc.property(instant, instant, (lastActive, from) => {
      const asked: Timing = { ...AT_ONCE, spread: { kind: 'last-active', from } };
      const turn = turnOf({ timezoneId: null, lastActive }, asked, NO_HOURS, from);
      const at = turn.kind === 'later' ? turn.at : from;
      expect(Math.abs(at - lastActive) % DAY).toBe(0);
      expect(at - from).toBeLessThan(DAY);
    }),
  );
});

test('a time to live counts from the turn of each', () => {
  const asked: Timing = {
    ...AT_ONCE,
    spread: { kind: 'time-zone', from: START, second: 9 * 3_600 },
    ttlMs: HOUR,
  };
  const who = { timezoneId: 'Europe/Amsterdam', lastActive: null };
  const nine = START + 7 * HOUR;
  expect(turnOf(who, asked, NO_HOURS, nine + HOUR - 1)).toEqual({ kind: 'now' });
  expect(turnOf(who, asked, NO_HOURS, nine + HOUR)).toMatchObject({ kind: 'expired' });
  const night = { quiet: { from: 8 * 3_600, to: 12 * 3_600 }, timeZone: 'UTC' };
  expect(turnOf(who, asked, night, nine)).toMatchObject({ reason: expect.stringContaining('quiet hours') });
});
