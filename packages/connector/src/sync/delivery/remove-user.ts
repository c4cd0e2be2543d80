import { GONE } from '../../model/gone-user.ts';
import { rejectOf } from '../../model/reject.ts';
import type { Sending } from './sending.ts';
import type { RemovalWork } from './work.ts';

/** Does with a user that left the model what the configuration says. */
export async function removeUser({ session, commits, signal }: Sending, work: RemovalWork): Promise<void> {
  const { places, lane, key, digest } = work;
  const policy = session.connector.users?.onDelete ?? 'ignore';
  if (policy === 'ignore') {
    commits.settle({ places });
    return;
  }
  const result = await session.destination.removeUser(lane, policy, signal);
  switch (result.kind) {
    case 'aborted':
      break;
    case 'rejected':
      commits.settle({ places, rejects: [rejectOf('user', key, result.rule, { externalId: lane })] });
      break;
    case 'done':
    case 'no-recipients':
      commits.settle({
        places,
        acked: [[digest, GONE]],
        tried: [{ what: 'user', key }],
        count: { removed: 1 },
      });
      break;
  }
}
