import { describe, expect, it } from 'vitest';
import { idBetween, isUuid, newId } from './ids.ts';

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
