import { setTimeout as pause } from 'node:timers/promises';
import { targetId } from '../config/fingerprint.ts';
import { diffUser, userDigest, userHash } from '../model/diff-user.ts';
import { mapUser } from '../model/map-user.ts';
import { askForPass, passOver } from './pass-over.ts';
import type { Session } from './session.ts';

/**
 * Where changes are followed: brings everybody over once, and then looks at everybody again from time
 * to time, for what following does not see. In diff mode looking is what `lookAgain` does.
 */
export async function reconcile(session: Session, signal: AbortSignal): Promise<void> {
  const { source, connector, report } = session;
  if (source.changes === null) return;
  await passOver(session, signal);
  const { reconcileMs } = connector.source;
  if (reconcileMs === null) return;
  while (!signal.aborted) {
    await pause(reconcileMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await askForPass(session, false);
    let missed = 0;
    await passOver(session, signal, async (keys) => {
      missed += await countMissed(session, keys);
    });
    report({ kind: 'reconciled', missed });
  }
}

/** How many of these users are not as the target knows them: nothing has told of their change. */
async function countMissed({ connector, source, home }: Session, keys: readonly string[]): Promise<number> {
  const { users } = connector;
  if (users === null) return 0;
  const target = targetId(connector);
  const rows = await source.rows(keys);
  return rows.filter((row) => {
    const { user } = mapUser(users, row);
    if (user === null) return false;
    return diffUser(home.state.get(userDigest(target, user.key)), userHash(user)).kind !== 'none';
  }).length;
}
