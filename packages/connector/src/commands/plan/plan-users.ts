import { targetId } from '../../config/fingerprint.ts';
import type { Connector } from '../../config/config.ts';
import { Forgotten } from '../../home/forgotten.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { judgeUser } from '../../model/judge-user.ts';
import { mapUser } from '../../model/map-user.ts';
import type { MappedUser } from '../../model/map-user.ts';
import type { Source } from '../../model/source.ts';
import { allKeys } from '../all-keys.ts';

/** Something that rows have that will not be accepted, with one of the rows. */
export interface PlannedReject {
  readonly field: string;
  readonly rule: string;
  readonly count: number;
  /** A key to `explain`. */
  readonly example: string;
}

export interface PlannedUsers {
  readonly rows: number;
  readonly fresh: number;
  /** Of whom only tags and other properties differ. */
  readonly changedProperties: number;
  /** Of whom addresses or consent differ. */
  readonly changedSubscriptions: number;
  readonly unchanged: number;
  /** Most tags that one user has. */
  readonly mostTags: number;
  readonly rejects: readonly PlannedReject[];
  /** The first that would be sent, as they would be. */
  readonly fresher: readonly MappedUser[];
  readonly changed: readonly MappedUser[];
}

/** How many changed users are kept to be looked up at the target. */
export const LOOKED_UP = 200;

/** Maps and compares every user as a run would. */
export async function planUsers(connector: Connector, source: Source, sample: number): Promise<PlannedUsers> {
  const { users, home } = connector;
  const state = lookIntoState(home);
  const forgotten = Forgotten.open(home);
  const target = targetId(connector);
  const count = {
    rows: 0,
    fresh: 0,
    changedProperties: 0,
    changedSubscriptions: 0,
    unchanged: 0,
    mostTags: 0,
  };
  const rejects = new Map<string, PlannedReject>();
  const fresher: MappedUser[] = [];
  const changed: MappedUser[] = [];
  try {
    for await (const keys of allKeys(source)) {
      if (users === null) break;
      const readAt = Date.now();
      for (const row of await source.rows(keys)) {
        const mapping = mapUser(users, row);
        count.rows += 1;
        for (const { field, rule, key } of mapping.rejects) {
          const name = `${field} ${rule}`;
          rejects.set(name, {
            field,
            rule,
            example: key,
            ...rejects.get(name),
            count: (rejects.get(name)?.count ?? 0) + 1,
          });
        }
        if (mapping.user === null || forgotten.has('externalId', mapping.user.externalId)) continue;
        const { user, change } = judgeUser(
          users,
          target,
          mapping.user,
          (digest) => state.get(digest),
          readAt,
        );
        count.mostTags = Math.max(
          count.mostTags,
          Object.values(user.properties.tags).filter((text) => text !== '').length,
        );
        switch (change.kind) {
          case 'none':
            count.unchanged += 1;
            break;
          case 'new':
            count.fresh += 1;
            if (fresher.length < sample) fresher.push(user);
            break;
          case 'changed':
            count[change.subscriptions ? 'changedSubscriptions' : 'changedProperties'] += 1;
            if (changed.length < LOOKED_UP) changed.push(user);
        }
      }
    }
  } finally {
    state.close();
  }
  return { ...count, rejects: [...rejects.values()], fresher, changed };
}
