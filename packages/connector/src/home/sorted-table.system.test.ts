import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digest } from '../model/canonical.ts';
import { SortedTable } from './sorted-table.ts';
import { writeMerged } from './write-merged.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carillon-sorted-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const digestOf = (text: string) => digest(text, 32);
/** Keys that are alike in their first 12 digits, so that they fill several blocks by themselves. */
const alike = (number: number) => `abcdef012345${String(number).padStart(20, '0')}`;

describe('a sorted table', () => {
  it('finds every key that is there, and none that is not, also where many begin alike', () => {
    const entries = new Map<string, string>();
    for (let i = 0; i < 3_000; i += 1) entries.set(digestOf(`key ${i}`), digestOf(`value ${i}`));
    for (let i = 0; i < 700; i += 1) entries.set(alike(i * 2), digestOf(`alike ${i}`));
    const path = join(folder, 'table');
    writeMerged(path, new SortedTable(null), entries);
    const table = new SortedTable(path);
    expect(table.size).toBe(3_700);
    for (const [key, value] of entries) expect(table.get(key)).toBe(value);
    for (let i = 0; i < 700; i += 1) expect(table.get(alike(i * 2 + 1))).toBeNull();
    for (const key of ['0'.repeat(32), 'f'.repeat(32), digestOf('another')])
      expect(table.get(key)).toBeNull();
    table.close();
  });

  it('holds what was written over it, however often that was', () => {
    const changes = fc.array(fc.array(fc.tuple(fc.nat(200), fc.nat()), { maxLength: 80 }), { maxLength: 5 });
    fc.assert(
      fc.property(changes, (rounds) => {
        const model = new Map<string, string>();
        let table = new SortedTable(null);
        for (const [i, round] of rounds.entries()) {
          const entries = new Map(round.map(([key, value]) => [digestOf(`${key}`), digestOf(`${value}`)]));
          for (const [key, value] of entries) model.set(key, value);
          const path = join(folder, `table-${i % 2}`);
          writeMerged(path, table, entries);
          table.close();
          table = new SortedTable(path);
        }
        const keys = [...table.stretches()].flatMap((part) => part.toString('hex').match(/.{64}/g) ?? []);
        const sorted = [...model].map(([key, value]) => `${key}${value}`).toSorted();
        expect(keys).toEqual(sorted);
        for (let key = 0; key <= 200; key += 1)
          expect(table.get(digestOf(`${key}`))).toBe(model.get(digestOf(`${key}`)) ?? null);
        table.close();
      }),
    );
  });

  it('without entries has nothing', () => {
    expect(new SortedTable(null).get(digestOf('key'))).toBeNull();
  });
});
