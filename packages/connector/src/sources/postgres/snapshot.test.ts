import { describe, expect, it } from 'vitest';
import { readSnapshot, sees } from './snapshot.ts';

const seen = (text: string, ids: readonly number[]) => ids.filter((id) => sees(readSnapshot(text), id));

describe('a snapshot', () => {
  it('sees what had ended, and nothing that was open or had not begun', () => {
    expect(seen('10:20:10,14', [9, 10, 13, 14, 19, 20, 21])).toEqual([9, 13, 19]);
    expect(seen('20:20:', [19, 20])).toEqual([19]);
  });

  it('goes on where the numbers of transactions begin again', () => {
    const epoch = 2n ** 32n;
    expect(seen(`${epoch * 3n - 2n}:${epoch * 3n + 5n}:${epoch * 3n + 3n}`, [2 ** 32 - 3, 3, 4, 5])).toEqual([
      2 ** 32 - 3,
      4,
    ]);
  });
});
