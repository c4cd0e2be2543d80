import { targetId } from '../config/fingerprint.ts';
import type { Entry } from '../home/sorted-table.ts';
import { userDigest } from '../model/diff-user.ts';
import { countedDigest, GONE } from '../model/gone-user.ts';
import { guardRemovals } from '../model/guard-removals.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import { SafetyLimit } from '../model/safety-limit.ts';
import { lookOf } from './look.ts';
import type { Session } from './session.ts';

const HOUR_MS = 60 * 60_000;

/**
 * Those of the users looked at who are known and have no row any more. A user who may have been written
 * and was not acknowledged is known, too: it would stay for ever. Before the first of them is
 * removed, the model is asked whether it still gives rows at all; those that no pass has counted are
 * counted here, an hour at a time and across restarts.
 *
 * @throws SafetyLimit before anybody is removed
 */
export async function findGone(
  session: Session,
  items: readonly OutboxItem[],
  found: ReadonlyMap<string, unknown>,
  get: (digest: string) => string | null,
  mayBeWritten: (key: string) => boolean,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { connector, home, source } = session;
  const before = home.state.progress.gone;
  const users = connector.users;
  if (users === null) return [];
  const target = targetId(connector);
  const gone = (kind: OutboxItem['kind']) =>
    items.flatMap((item) => (item.kind === kind && 'key' in item && !found.has(item.key) ? [item.key] : []));
  const isKnown = (key: string) => {
    const hash = get(userDigest(target, key));
    return (hash !== null && hash !== GONE) || mayBeWritten(key);
  };
  const passed = new Set(gone('removal').filter(isKnown));
  const byChange = [...new Set(gone('user'))].filter((key) => !passed.has(key) && isKnown(key));
  const keys = [...passed, ...byChange];
  if (keys.length === 0) return keys;
  const known = lookOf(session, 'users').seen?.keys ?? keys.length;
  await refuseEmptyModel(source, known, signal);
  const now = Date.now();
  const running = before !== null && now - before.since < HOUR_MS ? before : { since: now, count: 0 };
  // Whoever is come upon again, as after a crash, goes only once.
  const counted = running.since.toString(16).padStart(32, '0');
  const fresh = byChange.filter((key) => get(countedDigest(target, key)) !== counted);
  const count = running.count + fresh.length;
  guardRemovals(users.limits?.maxDeletes, known, count, byChange);
  if (fresh.length > 0) {
    const entries = fresh.map((key): Entry => [countedDigest(target, key), counted]);
    await home.state.commit(entries, { gone: { since: running.since, count } });
  }
  return keys;
}

async function refuseEmptyModel(
  source: Session['source'],
  known: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of source.scan({ of: 'users' }, signal)) if (chunk.length > 0) return;
  if (signal.aborted) return;
  throw new SafetyLimit(
    'users.model',
    `The model gives no row at all, and ${known} users were known: that is taken for a broken query, and nobody was removed. ` +
      'Mend users.model; run uninstall if everybody is really gone.',
  );
}
