import { CallFailed } from '@carillon/client';
import type { Answer, Failure } from '@carillon/client';
import type { CarillonTarget } from '../../config/target.ts';
import type { EventItem, MessageItem } from '../../model/outbox-item.ts';
import type { Finding } from '../../model/source.ts';
import { AddressClaims } from '../address-claims.ts';
import { checkTarget } from '../check-target.ts';
import { costOf } from '../cost.ts';
import type { Cost, Work } from '../cost.ts';
import { deliveredOf } from '../delivered-of.ts';
import type {
  Capabilities,
  Delivered,
  Destination,
  EventPage,
  Needs,
  RemovalPolicy,
  UserWrite,
} from '../destination.ts';
import { DONE } from '../destination.ts';
import { Gate } from '../gate.ts';
import { eventResults } from '../send-events.ts';
import { sendMessage } from '../send-message.ts';
import type { Persist } from '../send-message.ts';
import { takeOver } from '../take-over.ts';
import { TargetCalls } from '../target-calls.ts';
import { TargetRefused } from '../target-refused.ts';
import { userBodyWithConsent } from '../user-body.ts';
import { turnOffOthers, turnOffAll } from './turn-off.ts';
import { putMany } from './put-many.ts';

const CONNECTIONS = 64;

/** Carillon's API. Users go in bulk when there are several; there is a feed to read back. */
export class CarillonDestination implements Destination {
  readonly capabilities: Capabilities = {
    usersPerCall: 2000,
    userCalls: 4,
    userRestMs: 1000,
    eventsPerCall: 200,
    messageCalls: 32,
    messageKeyMs: null,
    eventKeyMs: null,
    pullsEvents: true,
  };
  readonly #calls: TargetCalls;
  readonly #gate = new Gate();
  readonly #claims = new AddressClaims();

  constructor(target: CarillonTarget, onTrouble: (failure: Failure) => void) {
    this.#calls = new TargetCalls(target, CONNECTIONS, onTrouble);
  }

  async putUsers(writes: readonly UserWrite[], signal: AbortSignal): Promise<readonly Delivered[]> {
    const [first, ...others] = writes;
    if (first === undefined) return [];
    if (others.length === 0) return [await this.#putOne(first, signal)];
    await this.#claims.claim(writes.map(({ user }) => user));
    return putMany(this.#calls.client, writes, this.#gate, this.#calls.onTrouble, signal, {
      afterwards: (write, status) => this.#leftOf(write, status === 'created', signal),
      alone: (write) => this.#putOne(write, signal),
    });
  }

  async #putOne(write: UserWrite, signal: AbortSignal): Promise<Delivered> {
    const { user, change } = write;
    const { users } = this.#calls.client;
    if (change.kind === 'changed' && !change.subscriptions) {
      const alias = { label: 'external_id', id: user.externalId };
      const answer = await this.#persist(signal, () => users.update(alias, user.properties, signal));
      if (answer.ok || answer.failure.kind !== 'not-found') return deliveredOf(answer);
      // Deleted over there since: make it anew.
    }
    await this.#claims.claim([user]);
    const answer = await this.#persist(signal, () => users.upsert(userBodyWithConsent(user), signal));
    if (!answer.ok) return deliveredOf(answer);
    return this.#leftOf(write, answer.status !== 202, signal)?.() ?? DONE;
  }

  /**
   * What is left to do for a user that was taken: moves what others had whom the user has taken over, and
   * turns off addresses that the row has no more. null where there is neither.
   */
  #leftOf(
    { user, change }: UserWrite,
    isNew: boolean,
    signal: AbortSignal,
  ): (() => Promise<Delivered>) | null {
    const isAbout = change.kind === 'new' || change.subscriptions;
    const takesOver = user.replaces !== undefined && user.replaces.length > 0;
    if (!isAbout || (isNew && !takesOver)) return null;
    const persist: Persist = (call) => this.#persist(signal, call);
    return async () => {
      if (takesOver) {
        const moved = await takeOver(this.#calls.client, user, { view: persist, write: persist }, signal);
        if (moved.kind !== 'done') return moved;
      }
      return isNew ? DONE : turnOffOthers(this.#calls.client, user, this.#claims, persist, signal);
    };
  }

  async removeUser(externalId: string, policy: RemovalPolicy, signal: AbortSignal): Promise<Delivered> {
    const alias = { label: 'external_id', id: externalId };
    if (policy === 'unsubscribe') {
      return turnOffAll(
        this.#calls.client,
        externalId,
        this.#claims,
        (call) => this.#persist(signal, call),
        signal,
      );
    }
    const answer = await this.#persist(signal, () => this.#calls.client.users.delete(alias, signal));
    return !answer.ok && answer.failure.kind === 'not-found' ? DONE : deliveredOf(answer);
  }

  async sendEvents(events: readonly EventItem[], signal: AbortSignal): Promise<readonly Delivered[]> {
    const batch = events.map(({ id, name, externalId, at, properties }) => ({
      name,
      external_id: externalId,
      timestamp: at,
      idempotency_key: id,
      properties,
    }));
    const answer = await this.#persist(signal, () => this.#calls.client.customEvents.create(batch, signal));
    return eventResults(events, answer);
  }

  sendMessage(message: MessageItem, signal: AbortSignal): Promise<Delivered> {
    const again = <Value>(call: () => Promise<Answer<Value>>) => this.#persist(signal, call);
    return sendMessage(
      this.#calls.client,
      this.#calls.templates,
      message,
      { lookUp: again, send: again },
      signal,
    );
  }

  async *messageEvents(cursor: string | undefined, signal: AbortSignal): AsyncGenerator<EventPage> {
    try {
      yield* this.#calls.client.feed.follow({ cursor, signal, onTrouble: this.#calls.onTrouble });
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.failure.kind === 'unauthorized') throw new TargetRefused(error.failure);
      this.#calls.onTrouble(error.failure);
    }
  }

  check({ templates }: Needs): Promise<readonly Finding[]> {
    return checkTarget(this.#calls.client, this.#calls.templates, templates);
  }

  costOf(work: Work): Cost {
    const users = work.newUsers + work.changedProperties + work.changedSubscriptions;
    const { usersPerCall, eventsPerCall } = this.capabilities;
    return costOf([
      { what: 'bulk requests', requests: Math.ceil(users / usersPerCall), perSecond: null },
      { what: 'requests for changed addresses', requests: work.changedSubscriptions, perSecond: null },
      { what: 'removals', requests: work.removed, perSecond: null },
      { what: 'event requests', requests: Math.ceil(work.events / eventsPerCall), perSecond: null },
      { what: 'messages', requests: work.messages, perSecond: null },
    ]);
  }

  close(): Promise<void> {
    return this.#calls.close();
  }

  #persist<Value>(signal: AbortSignal, call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
    return this.#calls.persist(this.#gate, signal, call);
  }
}
