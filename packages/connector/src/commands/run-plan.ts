import { targetId } from '../config/fingerprint.ts';
import type { Connector } from '../config/config.ts';
import { lookIntoState } from '../home/look-into-state.ts';
import { diffUser, userDigest, userHash } from '../model/diff-user.ts';
import { mapUser } from '../model/map-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import { readKeys, readRows } from '../sources/postgres/model-query.ts';
import { openPool } from '../sources/postgres/postgres-source.ts';

const CHUNK = 1000;

/** What a pass over all users would send. */
export interface Plan {
  readonly rows: number;
  readonly fresh: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Field and rule to how many rows break it. */
  readonly rejects: Readonly<Record<string, number>>;
  /** The first few users that would be sent, as they would be. */
  readonly sample: readonly MappedUser[];
}

/** Maps and compares every user as a run would, and sends nothing. */
export async function runPlan(connector: Connector, sampleSize: number): Promise<Plan> {
  const { users } = connector;
  const state = lookIntoState(connector.home);
  const pool = openPool(connector.source.url, 1);
  const count = { rows: 0, new: 0, changed: 0, none: 0 };
  const rejects: Record<string, number> = {};
  const sample: MappedUser[] = [];
  const target = targetId(connector);
  try {
    let after: string | null = null;
    for (;;) {
      const keys: readonly string[] = users === null ? [] : await readKeys(pool, users, after, CHUNK);
      if (users === null || keys.length === 0) break;
      after = keys.at(-1) ?? null;
      for (const row of await readRows(pool, users, keys)) {
        const { user, rejects: broken } = mapUser(users, row);
        count.rows += 1;
        for (const { field, rule } of broken) {
          const name = `${field} ${rule}`;
          rejects[name] = (rejects[name] ?? 0) + 1;
        }
        if (user === null) continue;
        const { kind } = diffUser(state.get(userDigest(target, user.key)), userHash(user));
        count[kind] += 1;
        if (kind !== 'none' && sample.length < sampleSize) sample.push(user);
      }
    }
  } finally {
    state.close();
    await pool.end();
  }
  return {
    rows: count.rows,
    fresh: count.new,
    changed: count.changed,
    unchanged: count.none,
    rejects,
    sample,
  };
}
