import { targetId } from '../config/fingerprint.ts';
import type { Connector } from '../config/config.ts';
import { lookIntoState } from '../home/look-into-state.ts';
import { diffUser, userDigest, userHash } from '../model/diff-user.ts';
import { mapUser } from '../model/map-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import type { Source } from '../model/source.ts';
import { openSource } from '../sources/open-source.ts';

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
  const source = await openSource(connector);
  const count = { rows: 0, new: 0, changed: 0, none: 0 };
  const rejects: Record<string, number> = {};
  const sample: MappedUser[] = [];
  const target = targetId(connector);
  try {
    for await (const keys of keysOf(source)) {
      if (users === null) break;
      for (const row of await source.rows(keys)) {
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
    await source.close();
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

async function* keysOf(source: Source): AsyncGenerator<readonly string[]> {
  for await (const scanned of source.scan({ of: 'users' }, new AbortController().signal)) {
    for (let at = 0; at < scanned.length; at += CHUNK) {
      yield scanned.slice(at, at + CHUNK).map(({ key }) => key);
    }
  }
}
