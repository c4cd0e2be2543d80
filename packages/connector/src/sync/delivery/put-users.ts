import { targetId } from '../../config/fingerprint.ts';
import type { UserWrite } from '../../destination/destination.ts';
import type { Tried } from '../../home/rejects.ts';
import type { Entry } from '../../home/sorted-table.ts';
import { judgeUser } from '../../model/judge-user.ts';
import { rejectOf } from '../../model/reject.ts';
import type { Sending } from './sending.ts';
import type { UserWork } from './work.ts';

interface Differing {
  readonly work: UserWork;
  readonly write: UserWrite;
  readonly acknowledgement: readonly Entry[];
}

/** Writes what differs from what was acknowledged last. A user that is refused counts as not written. */
export async function putUsers(
  { session, commits, signal }: Sending,
  works: readonly UserWork[],
): Promise<void> {
  const { connector, destination } = session;
  if (connector.users === null) return;
  const target = targetId(connector);
  const get = (digest: string) => commits.get(digest);
  const differing: Differing[] = [];
  for (const work of works) {
    const judged = judgeUser(connector.users, target, work.user, get, work.readAt);
    const { user, notes, acknowledgement } = judged;
    if (notes.length > 0) commits.settle({ places: [], acked: notes });
    const change = work.again ? ({ kind: 'new' } as const) : judged.change;
    if (change.kind === 'none')
      commits.settle({ places: work.places, tried: triedOf(work), count: { unchanged: 1 } });
    else differing.push({ work, write: { user, change }, acknowledgement });
  }
  if (differing.length === 0) return;
  const results = await destination.putUsers(
    differing.map(({ write }) => write),
    signal,
  );
  for (const [i, { work, acknowledgement }] of differing.entries()) {
    const { places, user } = work;
    const result = results[i] ?? { kind: 'aborted' };
    switch (result.kind) {
      case 'aborted':
        break;
      case 'rejected': {
        commits.settle({ places, rejects: [rejectOf('user', user.key, result.rule, user)] });
        break;
      }
      case 'done':
      case 'no-recipients':
        commits.settle({ places, acked: acknowledgement, tried: triedOf(work), count: { users: 1 } });
        break;
    }
  }
}

function triedOf({ user }: UserWork): readonly Tried[] {
  return [{ what: 'user', key: user.key, of: 'target' }];
}
