import type { OutboxItem } from '../model/outbox-item.ts';
import { dueAgain } from '../home/look.ts';
import { keep, look, lookOf } from './look.ts';
import type { LookCount } from '../home/look.ts';
import { mostGone, SafetyLimit } from './safety-limit.ts';
import type { Session } from './session.ts';

const USERS = 'users';
/** The pass waits while more than this waits in the outbox: changes of now go before it. */
const MOST_WAITING_BYTES = 128 * 1024;

/**
 * Looks at every user of the model and queues those that differ from what the last pass has seen; goes
 * on where an earlier run stopped. Nothing where no pass is due.
 *
 * @throws SafetyLimit where too many users are gone at once.
 */
export async function passOver(session: Session, signal: AbortSignal): Promise<void> {
  const { home, queued, drained, report } = session;
  if (session.connector.users === null || lookOf(session, USERS).step.at === 'done') {
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
        refuseMassRemoval(count);
        report({ kind: 'looked', at: USERS, count });
      },
      async queue(differences, signal) {
        while (home.outbox.backlog > MOST_WAITING_BYTES && !signal.aborted) await drained.wait(signal);
        if (signal.aborted) return;
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

function refuseMassRemoval({ known, gone, goneSample }: LookCount): void {
  const most = mostGone(known);
  if (gone <= most) return;
  throw new SafetyLimit(
    `${gone} of ${known} users are gone from the model, and more than ${most} at once are taken for a broken query: nothing was queued.`,
    goneSample,
  );
}
