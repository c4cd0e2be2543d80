import { guardRemovals } from '../model/guard-removals.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import { dueAgain } from '../home/look.ts';
import { keep, look, lookOf } from './look.ts';
import type { Session } from './session.ts';

const USERS = 'users';
/** The pass waits while more than this waits in the outbox: changes of now go before it. */
const MOST_WAITING_BYTES = 128 * 1024;

/**
 * Looks at every user of the model and queues those that differ from what the last pass has seen; goes
 * on where an earlier run stopped. Nothing where no pass is due. `onUsers` is told of them before they
 * are queued.
 *
 * @throws SafetyLimit where too many users are gone at once.
 */
export async function passOver(
  session: Session,
  signal: AbortSignal,
  onUsers: (keys: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { home, queued, drained, report } = session;
  const { users } = session.connector;
  if (users === null || lookOf(session, USERS).step.at === 'done') {
    report({ kind: 'pass', queued: 0, done: true });
    return;
  }
  let sent = 0;
  await look(
    session,
    {
      name: USERS,
      query: { of: 'users' },
      found(count) {
        guardRemovals(users.limits?.maxDeletes, count.known, count.gone, count.goneSample);
        report({ kind: 'looked', at: USERS, count });
      },
      async queue(differences, signal) {
        while (home.outbox.backlog > MOST_WAITING_BYTES && !signal.aborted) await drained.wait(signal);
        if (signal.aborted) return;
        await onUsers(differences.filter(({ kind }) => kind !== 'gone').map(({ key }) => key));
        await home.outbox.append(
          differences.map(({ kind, key }): OutboxItem => ({
            kind: kind === 'gone' ? 'removal' : 'user',
            key,
          })),
        );
        sent += differences.length;
        report({ kind: 'pass', queued: sent, done: false });
        queued.ring();
      },
    },
    signal,
  );
  if (lookOf(session, USERS).step.at === 'done') report({ kind: 'pass', queued: sent, done: true });
}

/** Every user is to be looked at again. `everything`: unchanged rows are queued as well. */
export function askForPass(session: Session, everything: boolean): Promise<void> {
  return keep(session, USERS, dueAgain(lookOf(session, USERS), everything));
}
