import type { Clock } from '../../platform/clock.ts';
import type { Partitions } from '../../platform/database/partitions.ts';
import type { ChangeSource } from './change-source.ts';
import type { PolicyOf } from './user-policy.ts';
import type { WriteContext } from './user-write.ts';

/** Makes ready for a write about users of an app: what the app allows, and a place for the history. */
export type BeginWrite = (appId: string, source: ChangeSource) => Promise<WriteContext>;

export function createBeginWrite(
  clock: Clock,
  partitions: Pick<Partitions, 'has' | 'need'>,
  policyOf: PolicyOf,
): BeginWrite {
  return async (appId, source) => {
    const now = clock.now();
    if (!partitions.has(now)) await partitions.need(now);
    return { policy: await policyOf(appId), source, now };
  };
}
