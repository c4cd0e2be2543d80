import { targetId } from '../config/fingerprint.ts';
import { eraseSeen } from '../home/erase-seen.ts';
import type { Home } from '../home/home.ts';
import { userDigest } from '../model/diff-user.ts';
import { GONE } from '../model/gone-user.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import { forgetReceived } from '../return-path/forget-received.ts';
import type { Session } from './session.ts';

export interface WhomToForget {
  readonly externalId: string;
  /** The model's key of the user, where it is known. */
  readonly key: string | null;
}

/**
 * Erases one user: the mark that keeps later passes from bringing it back comes first, so that a
 * crash in between leaves something that is done again and nothing that comes back.
 */
export async function forgetUser(
  session: Pick<Session, 'connector' | 'home' | 'destination'>,
  whom: WhomToForget,
  signal: AbortSignal,
): Promise<void> {
  const { connector, home, destination } = session;
  home.forgotten.add('externalId', whom.externalId);
  if (whom.key !== null) home.forgotten.add('key', whom.key);
  await home.outbox.erase((item) => isOf(item, whom));
  await eraseRejects(home, whom);
  forgetReceived(connector, whom.externalId);
  if (whom.key !== null) {
    await forgetSeen(home, whom.key);
    await home.state.commit([[userDigest(targetId(connector), whom.key), GONE]]);
  }
  const { kind } = await destination.removeUser(whom.externalId, 'delete', signal);
  if (kind === 'aborted') throw new Error('Interrupted before the target had answered: ask again.');
}

/** Not where what differs is being queued: that look's files go when it is through. */
async function forgetSeen({ seenFiles, state }: Home, key: string): Promise<void> {
  const look = state.progress.looks['users'];
  if (look === undefined || look.seen === null || look.step.at === 'queueing') return;
  if (!eraseSeen(seenFiles.pathOf(look.seen.name), key)) return;
  const seen = { ...look.seen, keys: look.seen.keys - 1 };
  await state.commit([], { looks: { ...state.progress.looks, users: { ...look, seen } } });
}

function isOf(item: OutboxItem, { externalId, key }: WhomToForget): boolean {
  return 'key' in item ? item.key === key : item.externalId === externalId;
}

async function eraseRejects({ rejects }: Home, { externalId, key }: WhomToForget): Promise<void> {
  const theirs = [...rejects.rows()].filter(
    (row) => row.externalId === externalId || (row.what === 'user' && row.key === key),
  );
  await rejects.settle(theirs, [], Date.now());
  await rejects.compact();
}
