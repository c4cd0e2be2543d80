import type { Forgotten } from '../home/forgotten.ts';
import type { Tried } from '../home/rejects.ts';
import type { UsersModel } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { Entry } from '../home/sorted-table.ts';
import type { Progress } from '../home/state.ts';
import { asText } from '../model/as-text.ts';
import { targetId } from '../config/fingerprint.ts';
import type { Delivered } from '../destination/destination.ts';
import { diffUser, userDigest, userHash } from '../model/diff-user.ts';
import { externalIdOfGone, GONE } from '../model/gone-user.ts';
import { mapUser } from '../model/map-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import { admitMessages } from '../model/message-breaker.ts';
import type { EventItem, MessageItem, OutboxItem, RemovalItem, UserItem } from '../model/outbox-item.ts';
import { rejectOf } from '../model/reject.ts';
import type { Reject, Sent } from '../model/reject.ts';
import { transitionDigest } from '../model/transition.ts';
import { withConsent } from '../model/with-consent.ts';
import { findGone } from './find-gone.ts';
import { inParallel } from './in-parallel.ts';
import type { BatchCount } from './report.ts';
import type { Session } from './session.ts';

/** Kept under a transition that was sent. */
const SENT = '2'.padStart(32, '0');

const REQUESTS = 32;
/** One request of custom events stays far below the documented megabyte. */
const EVENTS_A_REQUEST = 200;

export interface DeliveredBatch {
  readonly acked: readonly Entry[];
  readonly guards: Pick<Progress, 'gone' | 'minutes'>;
  readonly count: BatchCount;
}

/**
 * Delivers one batch: its users first, then what speaks of them, in order for each user. null where
 * `signal` ended it: then nothing of it counts as delivered.
 */
export async function deliverBatch(
  session: Session,
  items: readonly OutboxItem[],
  signal: AbortSignal,
): Promise<DeliveredBatch | null> {
  const batch = new Batch(session, signal);
  await batch.putUsers(items.filter((item) => item.kind === 'user' || item.kind === 'removal'));
  await batch.sendEvents(items.filter((item) => item.kind === 'event'));
  await batch.sendMessages(items.filter((item) => item.kind === 'message'));
  if (batch.aborted) return null;
  await session.home.rejects.settle(triedIn(items), batch.rejects, Date.now());
  const count = { ...batch.count, rejected: batch.rejects.length };
  return { acked: batch.acked, guards: batch.guards, count };
}

class Batch {
  readonly acked: Entry[] = [];
  readonly rejects: Reject[] = [];
  readonly count = { users: 0, unchanged: 0, removed: 0, events: 0, messages: 0 };
  /** What the guards count, to be kept with the batch. */
  guards: Pick<Progress, 'gone' | 'minutes'>;
  aborted = false;
  readonly #session: Session;
  readonly #signal: AbortSignal;
  readonly #sent = new Set<string>();

  constructor(session: Session, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
    const { gone, minutes } = session.home.state.progress;
    this.guards = { gone, minutes };
  }

  async putUsers(items: readonly (UserItem | RemovalItem)[]): Promise<void> {
    const { connector, source, destination, home } = this.#session;
    const { users } = connector;
    if (users === null || items.length === 0) return;
    const target = targetId(connector);
    const again = againIn(items);
    const readAt = Date.now();
    const rows = await source.rows([...new Set(items.map(({ key }) => key))]);
    const found = new Set(rows.map((row) => asText(row[users.key])));
    const gone = await findGone(this.#session, items, found, this.#signal);
    await inParallel(rows, REQUESTS, async (row) => {
      const { user: mapped, rejects } = mapUser(users, row);
      this.rejects.push(...rejects);
      if (mapped === null || this.#signal.aborted || isForgotten(home.forgotten, mapped)) return;
      const get = (digest: string) => home.state.get(digest);
      const { user, notes } = withConsent(users, target, mapped, get, readAt);
      this.acked.push(...notes);
      const digest = userDigest(target, user.key);
      const hash = userHash(user);
      const known = again.has(user.key) ? null : home.state.get(digest);
      const change = diffUser(known, hash);
      if (change.kind === 'none') {
        this.count.unchanged += 1;
        return;
      }
      const delivered = await destination.putUser(user, change, this.#signal);
      if (this.#settle(delivered, 'user', user.key, user)) {
        this.acked.push([digest, hash]);
        this.count.users += 1;
      }
    });
    // After those who are there: one of them may take over what a user who has gone had.
    await inParallel(gone.keys, REQUESTS, (key) => this.#remove(users, target, key));
    this.guards = { ...this.guards, gone: gone.count };
  }

  async #remove(users: UsersModel<Row>, target: string, key: string): Promise<void> {
    const { onDelete = 'ignore' } = users;
    if (onDelete === 'ignore' || this.#stopped()) return;
    const externalId = externalIdOfGone(users, key);
    if (externalId === null) {
      const rule = 'is made from the key alone, where users whose rows are gone are to be removed';
      this.rejects.push({ what: 'user', key, field: 'externalId', rule });
      return;
    }
    const delivered = await this.#session.destination.removeUser(externalId, onDelete, this.#signal);
    if (this.#settle(delivered, 'user', key, { externalId })) {
      this.acked.push([userDigest(target, key), GONE]);
      this.count.removed += 1;
    }
  }

  async sendEvents(items: readonly EventItem[]): Promise<void> {
    const fresh = items.filter((item) => this.#isFresh(item));
    for (let at = 0; at < fresh.length && !this.#stopped(); at += EVENTS_A_REQUEST) {
      const events = fresh.slice(at, at + EVENTS_A_REQUEST);
      const results = await this.#session.destination.sendEvents(events, this.#signal);
      for (const [i, event] of events.entries()) {
        if (this.#settle(results[i] ?? { kind: 'aborted' }, 'event', event.id, event)) this.count.events += 1;
      }
    }
  }

  async sendMessages(items: readonly MessageItem[]): Promise<void> {
    const ofUsers = new Map<string, MessageItem[]>();
    const fresh = items.filter((item) => this.#isFresh(item));
    const { connector } = this.#session;
    const names = fresh.filter((item) => !isStale(item)).map(({ name }) => name);
    const minutes = admitMessages(connector.messages, this.guards.minutes, names, Date.now());
    this.guards = { ...this.guards, minutes };
    for (const item of fresh) {
      const others = ofUsers.get(item.externalId);
      if (others === undefined) ofUsers.set(item.externalId, [item]);
      else others.push(item);
    }
    await inParallel(ofUsers.values(), REQUESTS, async (messages) => {
      for (const message of messages) {
        if (this.#stopped()) return;
        const delivered = isStale(message)
          ? ({ kind: 'rejected', rule: 'is older than maxAge' } as const)
          : await this.#session.destination.sendMessage(message, this.#signal);
        if (this.#settle(delivered, 'message', message.id, message)) this.count.messages += 1;
      }
    });
  }

  /** Not sent before: neither in an earlier batch nor in this one. */
  #isFresh({ id, again, externalId }: EventItem | MessageItem): boolean {
    const { state, forgotten } = this.#session.home;
    if (this.#sent.has(id) || (again !== true && state.has(transitionDigest(id)))) return false;
    if (forgotten.has('externalId', externalId)) return false;
    this.#sent.add(id);
    return true;
  }

  /** True when it was taken. What was refused is kept as a reject; a refused transition is done with as well. */
  #settle(delivered: Delivered, what: Reject['what'], key: string, sent: Sent): boolean {
    switch (delivered.kind) {
      case 'aborted':
        this.aborted = true;
        return false;
      case 'rejected':
        this.rejects.push(rejectOf(what, key, delivered.rule, sent));
        if (what !== 'user') this.acked.push([transitionDigest(key), SENT]);
        return false;
      case 'done':
        if (what !== 'user') this.acked.push([transitionDigest(key), SENT]);
        return true;
    }
  }

  #stopped(): boolean {
    this.aborted ||= this.#signal.aborted;
    return this.aborted;
  }
}

function againIn(items: readonly (UserItem | RemovalItem)[]): ReadonlySet<string> {
  return new Set(items.flatMap((item) => (item.kind === 'user' && item.again === true ? [item.key] : [])));
}

function isForgotten(forgotten: Forgotten, { externalId, key }: MappedUser): boolean {
  return forgotten.has('externalId', externalId) || forgotten.has('key', key);
}

/** Whatever of these is no reject any more leaves the table. */
function triedIn(items: readonly OutboxItem[]): Tried[] {
  return items.map((item) =>
    'key' in item ? { what: 'user', key: item.key } : { what: item.kind, key: item.id },
  );
}

function isStale({ notAfter }: MessageItem): boolean {
  return notAfter !== null && Date.now() > notAfter;
}
