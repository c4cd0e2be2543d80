import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { digest } from '../model/canonical.ts';
import { SortedTable, writeMerged } from './sorted-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'carillon-sorted-'));
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

  it('without entries has nothing', () => {
    expect(new SortedTable(null).get(digestOf('key'))).toBeNull();
  });
});
