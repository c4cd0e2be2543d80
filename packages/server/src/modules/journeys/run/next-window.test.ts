import { describe, expect, it } from 'vitest';
import { between } from './fixtures/definitions.ts';
import { nextTimeLike, openingAt } from './next-window.ts';

const shown = (windows: Parameters<typeof openingAt>[0], zone: string, at: string) => {
  const opening = openingAt(windows, zone, Date.parse(at));
  return (
    opening && [opening.start, opening.end].map((time) => new Date(time).toISOString().slice(0, 16)).join(' ')
  );
};

describe('the opening of a time window', () => {
  it('is the one that holds now, else the next on one of its days', () => {
    const windows = [between(9, 17, 1), between(10, 12, 3)];
    expect(shown(windows, 'UTC', '2026-11-02T12:00:00Z')).toBe('2026-11-02T09:00 2026-11-02T17:00');
    expect(shown(windows, 'UTC', '2026-11-02T17:00:00Z')).toBe('2026-11-04T10:00 2026-11-04T12:00');
    expect(shown(windows, 'UTC', '2026-11-05T00:00:00Z')).toBe('2026-11-09T09:00 2026-11-09T17:00');
  });

  it('goes over midnight when it ends before its start, and belongs to the day of its start', () => {
    expect(shown([between(22, 6, 5)], 'UTC', '2026-11-07T05:00:00Z')).toBe(
      '2026-11-06T22:00 2026-11-07T06:00',
    );
    expect(shown([between(0, 0)], 'UTC', '2026-11-07T05:00:00Z')).toBe('2026-11-07T00:00 2026-11-08T00:00');
  });

  it('keeps to the clocks of its zone when they are put forward and back', () => {
    expect(shown([between(9, 17)], 'Europe/Berlin', '2026-03-28T18:00:00Z')).toBe(
      '2026-03-29T07:00 2026-03-29T15:00',
    );
    expect(shown([between(9, 17)], 'Europe/Berlin', '2026-10-24T18:00:00Z')).toBe(
      '2026-10-25T08:00 2026-10-25T16:00',
    );
    // Clocks there go from 02:00 to 03:00: the window begins when they do, and lasts as long.
    expect(shown([between(2, 3)], 'Europe/Berlin', '2026-03-29T00:00:00Z')).toBe(
      '2026-03-29T01:00 2026-03-29T02:00',
    );
    // They show 02:00 twice: the window begins at the first.
    expect(shown([between(2, 4)], 'Europe/Berlin', '2026-10-25T00:00:00Z')).toBe(
      '2026-10-25T00:00 2026-10-25T03:00',
    );
  });

  it('is remembered only as long as it is the answer', () => {
    const windows = [between(9, 10), between(12, 13)];
    const asked = ['08:00', '09:30', '10:00', '09:59', '12:59', '13:00'];
    const fresh = asked.map((time) => shown([...windows], 'UTC', `2026-11-02T${time}:00Z`));
    expect(asked.map((time) => shown(windows, 'UTC', `2026-11-02T${time}:00Z`))).toEqual(fresh);
  });

  it('of no windows is none', () => {
    expect(openingAt([], 'UTC', 0)).toBeNull();
  });

  it('finds the time of day of another moment on a day that has a window for it', () => {
    const like = Date.parse('2026-01-01T10:30:00Z');
    const at = Date.parse('2026-11-03T11:00:00Z');
    expect(nextTimeLike([between(9, 17, 1)], 'UTC', like, at)).toBe(Date.parse('2026-11-09T10:30:00Z'));
    expect(nextTimeLike([between(12, 17)], 'UTC', like, at)).toBeNull();
  });
});
