import type { UserWrite } from '../../destination/destination.ts';
import type { Tried } from '../../home/rejects.ts';
import type { Entry } from '../../home/sorted-table.ts';
import { judgeUser } from '../../model/judge-user.ts';
import { rejectOf } from '../../model/reject.ts';
import type { Reject } from '../../model/reject.ts';
import { asked } from './refused-users.ts';
import type { Sending } from './sending.ts';
import type { Place } from './window.ts';
import type { UserWork } from './work.ts';

interface Differing {
  readonly work: UserWork;
  readonly write: UserWrite;
  readonly acknowledgement: readonly Entry[];
}

/** Writes what differs from what was acknowledged last. A user that is refused counts as not written. */
export async function putUsers(
  { session, target, commits, refused, signal, wrote }: Sending,
  works: readonly UserWork[],
): Promise<void> {
  const { connector, destination } = session;
  if (connector.users === null) return;
  const get = (digest: string) => commits.get(digest);
  const differing: Differing[] = [];
  for (const work of works) {
    const consents = commits.mayHaveConsents ? get : null;
    const judged = judgeUser(connector.users, target, work.user, get, work.readAt, consents);
    const { user, notes, acknowledgement } = judged;
    if (notes.length > 0) commits.settle({ places: [], acked: notes, consents: 'some' });
    const change = work.again || refused.isRefused(user) ? ({ kind: 'new' } as const) : judged.change;
    if (!work.again && refused.hasRefused(user)) commits.settle({ places: work.places });
    else if (change.kind === 'none')
      commits.settle({ places: work.places, tried: [asked(user)], count: { unchanged: 1 } });
    else differing.push({ work, write: { user, change }, acknowledgement });
  }
  if (differing.length === 0) return;
  const results = await destination.putUsers(
    differing.map(({ write }) => write),
    signal,
  );
  const acked: Entry[] = [];
  const places: Place[] = [];
  const tried: Tried[] = [];
  const rejects: Reject[] = [];
  let users = 0;
  for (const [i, { work, write, acknowledgement }] of differing.entries()) {
    const { user } = work;
    const result = results[i] ?? { kind: 'aborted' };
    if (result.kind === 'aborted') continue;
    places.push(...work.places);
    tried.push(asked(user));
    switch (result.kind) {
      case 'rejected':
        refused.refused(write.user);
        rejects.push(rejectOf('user', user.key, result.rule, user));
        break;
      case 'done':
      case 'no-recipients':
        refused.taken(user);
        wrote(work.lane);
        acked.push(...acknowledgement);
        users += 1;
        break;
    }
  }
  commits.settle({ places, acked, tried, rejects, count: { users } });
}
