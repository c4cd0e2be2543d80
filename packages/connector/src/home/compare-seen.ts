import { compareHashes, compareKeys, keyOf } from './seen-entry.ts';
import { SeenReader } from './seen-reader.ts';

/** A place in both files: where to go on. */
export interface MergePosition {
  readonly seen: number;
  readonly scanned: number;
}

export const START: MergePosition = { seen: 0, scanned: 0 };

export interface Difference {
  readonly kind: 'fresh' | 'changed' | 'unchanged' | 'gone';
  readonly key: string;
}

/** A stretch of the comparison: what differs in it, and where it ends. */
export interface Stretch {
  readonly differences: readonly Difference[];
  readonly end: MergePosition;
}

/** Entries between two breaths: a comparison of millions lets others work in between. */
const LONGEST_STRETCH = 20_000;
const MOST_DIFFERENCES = 1000;

/**
 * Walks two sorted files together, from a place on: what was seen, and what was scanned now. Memory
 * holds a page of each. `everything` tells of unchanged keys as well. `seen` is null before the first look.
 */
export function* compareSeen(
  seen: string | null,
  scanned: string,
  from: MergePosition,
  everything: boolean,
): Generator<Stretch> {
  const old = seen === null ? null : new SeenReader(seen, from.seen);
  const now = new SeenReader(scanned, from.scanned);
  try {
    let oldStands = old?.first() === true;
    let nowStands = now.first();
    let differences: Difference[] = [];
    let walked = 0;
    while (oldStands || nowStands) {
      const order = !nowStands ? -1 : !oldStands || old === null ? 1 : compareKeys(old, now);
      if (order < 0 && old !== null) {
        differences.push({ kind: 'gone', key: keyOf(old) });
        oldStands = old.next();
      } else if (order > 0) {
        differences.push({ kind: 'fresh', key: keyOf(now) });
        nowStands = now.next();
      } else if (old !== null) {
        if (compareHashes(old, now) !== 0) differences.push({ kind: 'changed', key: keyOf(now) });
        else if (everything) differences.push({ kind: 'unchanged', key: keyOf(now) });
        oldStands = old.next();
        nowStands = now.next();
      }
      walked += 1;
      if (walked === LONGEST_STRETCH || differences.length === MOST_DIFFERENCES) {
        yield { differences, end: { seen: old?.offset ?? 0, scanned: now.offset } };
        differences = [];
        walked = 0;
      }
    }
    yield { differences, end: { seen: old?.offset ?? 0, scanned: now.offset } };
  } finally {
    old?.close();
    now.close();
  }
}
