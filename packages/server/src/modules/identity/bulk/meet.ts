import type { Queryable } from '../../../platform/database/database.ts';
import type { UserWrite } from '../user-write.ts';
import { keysOf } from '../user-writer.ts';
import { compareWrites } from './compare-store.ts';
import type { Comparison } from './compare-store.ts';

/** A write in its place of a batch. */
export interface Placed {
  readonly n: number;
  readonly write: UserWrite;
}

/** The same with what it would meet. */
export interface Met extends Placed {
  readonly comparison: Comparison;
  /** What it is about: aliases, tokens, and the users who are known by them. */
  readonly keys: readonly string[];
}

/** Finds out what each write would meet at this moment, and whom those mean that name nobody. */
export async function meet(database: Queryable, placed: readonly Placed[]): Promise<Met[]> {
  // Whoever had the address a round ago need not have it any more.
  const met = await compare(
    database,
    placed.map((one) =>
      one.write.joinsHolder === true ? { ...one, write: { ...one.write, address: null } } : one,
    ),
  );
  const joining = met.flatMap(({ n, write, comparison }): Placed[] => {
    const [holder] = comparison.touched;
    if (write.joinsHolder !== true || holder === undefined) return [];
    return [{ n, write: { ...write, address: { by: 'id', id: holder } } }];
  });
  if (joining.length === 0) return met;
  const joined = new Map((await compare(database, joining)).map((one) => [one.n, one]));
  return met.map((one) => joined.get(one.n) ?? one);
}

async function compare(database: Queryable, placed: readonly Placed[]): Promise<Met[]> {
  const comparisons = await compareWrites(
    database,
    placed.map(({ write }) => write),
  );
  return placed.map(({ n, write }, index) => {
    const comparison = comparisons[index] as Comparison;
    const users = comparison.touched.map((id) => `user ${id}`);
    return { n, write, comparison, keys: [...keysOf(write), ...users] };
  });
}

/**
 * Takes out the writes that may go together: of those that share a key, the first. One that changes nothing
 * keeps nobody waiting. Adds to `footprint` what the others are about.
 */
export function apart(met: readonly Met[], footprint: Set<string>): { first: Met[]; later: Met[] } {
  const taken = new Set<string>();
  const first: Met[] = [];
  const later: Met[] = [];
  for (const one of met) {
    const free = one.keys.every((key) => !taken.has(key));
    (free ? first : later).push(one);
    if (free && one.comparison.verdict === 'same') continue;
    for (const key of one.keys) {
      taken.add(key);
      footprint.add(key);
    }
  }
  return { first, later };
}
