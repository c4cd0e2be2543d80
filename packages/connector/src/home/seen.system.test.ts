import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareSeen, START } from './compare-seen.ts';
import type { Difference, MergePosition } from './compare-seen.ts';
import { eraseSeen } from './erase-seen.ts';
import { SeenWriter } from './seen-writer.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'carillon-seen-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const keys = fc.oneof(fc.nat({ max: 30 }).map(String), fc.string({ maxLength: 3, unit: 'binary' }));
const rows = fc.dictionary(
  keys,
  fc.nat({ max: 2 }).map((hash) => `000000000000000${hash}`),
);

describe('files of what was seen', () => {
  it('tells exactly what differs, whatever the order in which rows come', () => {
    fc.assert(
      fc.property(rows, rows, fc.boolean(), (old, now, everything) => {
        const [seen, scanned] = [write('old', Object.entries(old)), write('now', Object.entries(now))];
        const found = [...compareSeen(seen, scanned, START, everything)].flatMap(
          ({ differences }) => differences,
        );
        expect(sorted(found)).toEqual(sorted(differences(old, now, everything)));
      }),
    );
  });

  it('can be rid of a key, and keep all others', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (old, pick) => {
        const path = write('old', Object.entries(old));
        const names = Object.keys(old);
        const key = names[pick % Math.max(1, names.length)];
        expect(eraseSeen(path, 'a key that is too long')).toBe(false);
        if (key === undefined) return;
        expect(eraseSeen(path, key)).toBe(true);
        const { [key]: _, ...others } = old;
        const now = write('now', Object.entries(others));
        expect(readFileSync(path)).toEqual(readFileSync(now));
      }),
    );
  });

  it('goes on from the end of any stretch with what comes after it', () => {
    const old = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [String(n), '0'.repeat(16)]));
    const now = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [String(n * 2), '0'.repeat(16)]));
    const [seen, scanned] = [write('old', Object.entries(old)), write('now', Object.entries(now))];
    const whole = [...compareSeen(seen, scanned, START, false)];
    expect(whole.length).toBeGreaterThan(2);
    let from: MergePosition = START;
    const found: Difference[] = [];
    for (let stretch = 0; stretch < whole.length; stretch += 1) {
      const [next] = compareSeen(seen, scanned, from, false);
      found.push(...(next?.differences ?? []));
      from = next?.end ?? from;
    }
    expect(found).toEqual(whole.flatMap(({ differences }) => differences));
  });

  it('sorts more than its memory holds, and keeps a key that comes twice once', () => {
    const count = 400_000;
    const shuffled = Array.from({ length: count }, (_, n): [string, string] => {
      return [`key-${(n * 7919) % count}`, n.toString(16).padStart(16, '0')];
    });
    const doubled = [...shuffled, ...shuffled.slice(0, 1000)];
    const writer = new SeenWriter(join(directory, 'large'));
    writer.add(doubled.map(([key, hash]) => ({ key, hash })));
    expect(writer.finish()).toBe(count);
    const again = write('again', shuffled);
    const found = [...compareSeen(again, join(directory, 'large'), START, false)];
    expect(found.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

function write(name: string, rows: readonly (readonly [string, string])[]): string {
  const path = join(directory, name);
  const writer = new SeenWriter(path);
  writer.add(rows.map(([key, hash]) => ({ key, hash })));
  expect(writer.finish()).toBe(rows.length);
  return path;
}

/** The rule, said with maps. */
function differences(
  old: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
  everything: boolean,
): Difference[] {
  const gone = Object.keys(old).filter((key) => !Object.hasOwn(now, key));
  const here = Object.keys(now).map((key): Difference => {
    const kind = !Object.hasOwn(old, key) ? 'fresh' : old[key] === now[key] ? 'unchanged' : 'changed';
    return { kind, key };
  });
  return [
    ...gone.map((key): Difference => ({ kind: 'gone', key })),
    ...here.filter(({ kind }) => everything || kind !== 'unchanged'),
  ];
}

function sorted(found: readonly Difference[]): Difference[] {
  return found.toSorted((a, b) => (`${a.key}\u0000${a.kind}` < `${b.key}\u0000${b.kind}` ? -1 : 1));
}
