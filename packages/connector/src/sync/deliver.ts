import { setMaxListeners } from 'node:events';
import { targetId } from '../config/fingerprint.ts';
import type { OutboxPosition } from '../home/outbox.ts';
import { userDigest } from '../model/diff-user.ts';
import { Commits } from './delivery/commits.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import { findWork } from './delivery/find-work.ts';
import { Lanes } from './delivery/lanes.ts';
import { MessageBreaker } from './delivery/message-breaker.ts';
import { RefusedUsers } from './delivery/refused-users.ts';
import { Window } from './delivery/window.ts';
import type { Session } from './session.ts';

/** Items that are read, and whose users are looked up, together. */
const BATCH = 1000;
/** Items under way: memory is the same however long the outbox is. */
const MOST_UNDER_WAY = 10_000;

/**
 * Empties the outbox: reads ahead, sends side by side for different users and in order for each, and
 * lets the outbox forget what is done from its beginning on. A crash before that sends again what is
 * not known to be acknowledged, under the same keys. Returns when `signal` ends, or when everything is
 * delivered and `stays` says no.
 */
export async function deliver(session: Session, signal: AbortSignal, stays = () => true): Promise<void> {
  const inner = new AbortController();
  const both = AbortSignal.any([signal, inner.signal]);
  // One listener for each request under way; the default suspects a leak above ten.
  setMaxListeners(0, both);
  const window = new Window();
  const commits = new Commits(session, window);
  // An event that is to hold back the next one must have its answer before.
  const lanes = new Lanes(session.connector.afterReject === 'go-on');
  const breaker = new MessageBreaker(session);
  const refused = new RefusedUsers(session.home.rejects);
  const { userRestMs } = session.destination.capabilities;
  const wrote = (lane: string) => lanes.rest(lane, Date.now() + userRestMs);
  const target = targetId(session.connector);
  const sending = { session, target, commits, breaker, refused, signal: both, wrote };
  const dispatcher = new Dispatcher(sending, lanes);
  session.underWay.has = (externalId, key) =>
    lanes.has(externalId) || commits.get(userDigest(target, key)) !== null;
  try {
    await readAhead(session, both, stays, window, commits, lanes, dispatcher);
  } finally {
    inner.abort();
    await dispatcher.finished();
    await commits.flush();
  }
  dispatcher.throwFailure();
  commits.throwFailure();
}

async function readAhead(
  session: Session,
  signal: AbortSignal,
  stays: () => boolean,
  window: Window,
  commits: Commits,
  lanes: Lanes,
  dispatcher: Dispatcher,
): Promise<void> {
  const { outbox } = session.home;
  let place = outbox.head;
  // As many as an earlier run may have had under way.
  const left = outbox.tail;
  let inDoubt = MOST_UNDER_WAY;
  const doubted = new Set<string>();
  while (!signal.aborted) {
    dispatcher.throwFailure();
    commits.throwFailure();
    const placed = window.size < MOST_UNDER_WAY ? outbox.after(place, BATCH) : [];
    const last = placed.at(-1);
    if (last !== undefined) {
      const isLeft = inDoubt > 0 && isBefore(place, left);
      inDoubt -= placed.length;
      // One write of a user settles the doubt.
      const isInDoubt = (key: string) => isLeft && isFirst(doubted, key);
      const found = await findWork(session, placed, { isLeft, isInDoubt }, window, commits, lanes, signal);
      for (const work of found) lanes.add(work);
      place = last.end;
      dispatcher.pump();
      continue;
    }
    if (window.size === 0 && dispatcher.isIdle && commits.isIdle) {
      session.report({ kind: 'caught-up' });
      if (!stays()) return;
    }
    await session.queued.wait(signal);
  }
}

function isBefore(place: OutboxPosition, other: OutboxPosition): boolean {
  return place.segment === other.segment ? place.offset < other.offset : place.segment < other.segment;
}

/** Notes a key; was it not there before? */
function isFirst(noted: Set<string>, key: string): boolean {
  const before = noted.size;
  return noted.add(key).size > before;
}
