import { describe, expect, it } from 'vitest';
import { IdBatch, idBetween, isUuid, laneOf, newId, newTimedId, timeOfId } from './ids.ts';

const last = (digits: string) => `00000000-0000-0000-0000-0000000000${digits}`;

describe('an id between two others', () => {
  it('is an id, above the one and below the other', () => {
    for (let round = 0; round < 1_000; round += 1) {
      const [low = '', high = ''] = [newId(), newId()].toSorted();
      const between = idBetween(low, high);
      expect(isUuid(between)).toBe(true);
      expect(low < between && between < high).toBe(true);
    }
  });

  it('takes the only one there is, and the lowest of all as its low end', () => {
    expect(idBetween(last('01'), last('03'))).toBe(last('02'));
    expect(idBetween(null, last('02'))).toBe(last('01'));
    expect(() => idBetween(last('01'), last('02'))).toThrow(/no id between/);
  });
});

function idsAt(time: number): string[] {
  const batch = new IdBatch(100, time);
  return Array.from({ length: 100 }, () => batch.textOf(batch.next()));
}

describe('ids that are made together', () => {
  it('begin with their time, so those of a later batch come after them', () => {
    const now = Date.UTC(2026, 10, 25);
    const [earlier, later] = [idsAt(now), idsAt(now + 1)];
    expect(earlier.every((id) => isUuid(id) && timeOfId(id) === now)).toBe(true);
    expect(new Set(earlier).size).toBe(100);
    expect((earlier.toSorted().at(-1) ?? '') < (later.toSorted()[0] ?? '')).toBe(true);
    expect(newTimedId(now).slice(0, 15)).toBe(earlier[0]?.slice(0, 15));
  });

  it('fall into the lane that is asked for, and into any without', () => {
    const batch = new IdBatch(2_000, 0);
    expect(laneOf(batch.textOf(batch.nextInLane(200)))).toBe(200);
    const lanes = Array.from({ length: 1_999 }, () => batch.next()).map((id) => batch.laneOf(id));
    expect(new Set(lanes).size).toBeGreaterThan(200);
  });
});
