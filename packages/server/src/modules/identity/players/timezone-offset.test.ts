import { describe, expect, it } from 'vitest';
import { parseTimezone } from '../locale.ts';
import { offsetOf, zoneAt } from './timezone-offset.ts';

const WINTER = Date.parse('2026-11-25T12:00:00Z');
const SUMMER = Date.parse('2026-07-01T12:00:00Z');

describe('a time zone for an offset', () => {
  it.each([-43_200, -34_200, -28_800, 0, 3_600, 12_600, 19_800, 20_700, 34_200, 50_400])(
    'has the offset of %d seconds all the year, and is one that users may have',
    (seconds) => {
      const zone = zoneAt(seconds, null, WINTER) ?? '';
      expect(parseTimezone(zone)).toBe(zone);
      expect([offsetOf(zone, WINTER), offsetOf(zone, SUMMER)]).toEqual([seconds, seconds]);
    },
  );

  it('is the one that is known already when it has that offset now', () => {
    expect(zoneAt(3_600, 'Europe/Berlin', WINTER)).toBe('Europe/Berlin');
    expect(zoneAt(7_200, 'Europe/Berlin', SUMMER)).toBe('Europe/Berlin');
    expect(zoneAt(7_200, 'Europe/Berlin', WINTER)).toBe('Etc/GMT-2');
  });

  it.each([-46_800, 54_000, 1, 1_800])('is none for %d seconds, which no zone keeps', (seconds) => {
    expect(zoneAt(seconds, null, WINTER)).toBeNull();
  });
});
