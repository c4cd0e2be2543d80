import type { UserWrite } from '../../destination/destination.ts';
import { diffUser } from '../../model/diff-user.ts';
import type { Sending } from './sending.ts';
import type { UserWork } from './work.ts';

/** Writes what differs from what was acknowledged last. A user that is refused counts as not written. */
export async function putUsers(
  { session, commits, signal }: Sending,
  works: readonly UserWork[],
): Promise<void> {
  const differing: { readonly work: UserWork; readonly write: UserWrite }[] = [];
  for (const work of works) {
    const change = work.again ? ({ kind: 'new' } as const) : diffUser(commits.get(work.digest), work.hash);
    if (change.kind === 'none') commits.settle({ places: work.places, count: { unchanged: 1 } });
    else differing.push({ work, write: { user: work.user, change } });
  }
  if (differing.length === 0) return;
  const results = await session.destination.putUsers(
    differing.map(({ write }) => write),
    signal,
  );
  for (const [i, { work }] of differing.entries()) {
    const { places, digest, hash, user } = work;
    const result = results[i] ?? { kind: 'aborted' };
    switch (result.kind) {
      case 'aborted':
        break;
      case 'rejected': {
        const { rule } = result;
        commits.settle({ places, rejects: [{ what: 'user', key: user.key, field: 'target', rule }] });
        break;
      }
      case 'done':
      case 'no-recipients':
        commits.settle({ places, acked: [[digest, hash]], count: { users: 1 } });
        break;
    }
  }
}
