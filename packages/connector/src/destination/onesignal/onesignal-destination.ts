import type { Failure } from '@carillon/client';
import type { OneSignalTarget } from '../../config/target.ts';
import type { EventItem, MessageItem } from '../../model/outbox-item.ts';
import type { Finding } from '../../model/source.ts';
import { AddressClaims } from '../address-claims.ts';
import type { Cost, Work } from '../cost.ts';
import { deliveredOf } from '../delivered-of.ts';
import { DONE } from '../destination.ts';
import type {
  Capabilities,
  Delivered,
  Destination,
  EventPage,
  Needs,
  RemovalPolicy,
  UserWrite,
} from '../destination.ts';
import type { Pace } from '../pace.ts';
import { eventResults } from '../send-events.ts';
import { sendMessage } from '../send-message.ts';
import type { Persist } from '../send-message.ts';
import { TargetCalls } from '../target-calls.ts';
import { batchEvents } from './batch-events.ts';
import { checkOneSignal } from './check-onesignal.ts';
import { oneSignalCost } from './cost-of.ts';
import { EndpointPace } from './endpoint-pace.ts';
import { PUBLISHED, ratesOf } from './published.ts';
import { WhatIsListed } from './user-calls.ts';
import type { UserCalls } from './user-calls.ts';
import { UserTurns } from './user-turns.ts';
import { writeUser } from './write-user.ts';

/** Where sending begins, as a part of the published rate, and how near it may come. */
const FIRST = 0.9;
const MOST = 0.97;

/** For a rate that is not published: a careful beginning, from which the answers show the way. */
const UNKNOWN = { first: PUBLISHED.firstEventsPerSecond, most: 1000 };

const CONNECTIONS = 128;
/** Calls that are sent or wait for a connection, and all of them. What is under way is held in memory. */
const BUSY_CALLS = 2 * CONNECTIONS;
const MOST_CALLS = 2048;

const CAPABILITIES = {
  usersPerCall: 1,
  // It would be refused sooner.
  userRestMs: PUBLISHED.userIntervalMs,
  eventsPerCall: 500,
  messageCalls: 256,
  messageKeyMs: PUBLISHED.messageKeyMs,
  eventKeyMs: PUBLISHED.eventKeyMs,
  pullsEvents: false,
} as const satisfies Omit<Capabilities, 'userCalls'>;

/** OneSignal's API, within the limits that it publishes: one user a request, one write a second for each. */
export class OneSignalDestination implements Destination {
  readonly #target: OneSignalTarget;
  readonly #calls: TargetCalls;
  readonly #turns = new UserTurns();
  readonly #listed = new WhatIsListed();
  readonly #claims = new AddressClaims();
  readonly #users: Pace;
  readonly #messages: Pace;
  readonly #events: Pace;
  readonly #views = new EndpointPace({
    ...within(PUBLISHED.viewsPerSecond),
    burst: PUBLISHED.viewsAtOnce / 2,
  });

  get capabilities(): Capabilities {
    // Those that wait for their user's second to pass are no work for anybody.
    return { ...CAPABILITIES, userCalls: Math.min(MOST_CALLS, BUSY_CALLS + this.#turns.waiting) };
  }

  constructor(target: OneSignalTarget, onTrouble: (failure: Failure) => void) {
    this.#target = target;
    this.#calls = new TargetCalls(target, CONNECTIONS, onTrouble);
    const rates = ratesOf(target);
    this.#users = new EndpointPace(within(rates.users));
    this.#messages = new EndpointPace(within(rates.messages));
    this.#events = new EndpointPace(rates.events === null ? UNKNOWN : within(rates.events));
  }

  async putUsers(writes: readonly UserWrite[], signal: AbortSignal): Promise<readonly Delivered[]> {
    return Promise.all(writes.map((write) => writeUser(this.#callsOf(write.user.externalId, signal), write)));
  }

  async removeUser(externalId: string, policy: RemovalPolicy, signal: AbortSignal): Promise<Delivered> {
    const { client, write, view } = this.#callsOf(externalId, signal);
    const alias = { label: 'external_id', id: externalId };
    if (policy === 'delete') {
      const answer = await write(() => client.users.delete(alias, signal));
      return !answer.ok && answer.failure.kind === 'not-found' ? DONE : deliveredOf(answer);
    }
    const found = await view(() => client.users.view(alias, signal));
    if (!found.ok) return found.failure.kind === 'not-found' ? DONE : deliveredOf(found);
    for (const { id, type, token, enabled } of found.value.subscriptions) {
      if (!enabled) continue;
      const off = { enabled: false, notification_types: -2 };
      const answer = await this.#claims.turnOff(externalId, { type, token }, () =>
        write(() => client.subscriptions.update(id, off, signal)),
      );
      if (answer?.ok === false && answer.failure.kind !== 'not-found') return deliveredOf(answer);
    }
    return DONE;
  }

  async sendEvents(events: readonly EventItem[], signal: AbortSignal): Promise<readonly Delivered[]> {
    const { batches, refused } = batchEvents(events, this.#target.eventData);
    const results: Delivered[] = events.map((_, index) => {
      const rule = refused.get(index);
      return rule === undefined ? { kind: 'aborted' } : { kind: 'rejected', rule };
    });
    for (const batch of batches) {
      const bodies = batch.map(({ body }) => body);
      const answer = await this.#calls.persist(this.#events, signal, () =>
        this.#calls.client.customEvents.create(bodies, signal),
      );
      const told = eventResults(
        batch.map(({ item }) => item),
        answer,
      );
      for (const [i, { index }] of batch.entries()) results[index] = told[i] ?? { kind: 'aborted' };
    }
    return results;
  }

  sendMessage(message: MessageItem, signal: AbortSignal): Promise<Delivered> {
    const at =
      (pace: Pace): Persist =>
      (call) =>
        this.#calls.persist(pace, signal, call);
    const paces = { lookUp: at(this.#views), send: at(this.#messages) };
    return sendMessage(this.#calls.client, this.#calls.templates, message, paces, signal);
  }

  /** There is no feed to pull: Event Streams come to a receiver. */
  // oxlint-disable-next-line require-yield
  async *messageEvents(): AsyncGenerator<EventPage> {
    await Promise.resolve();
  }

  check(needs: Needs): Promise<readonly Finding[]> {
    return checkOneSignal(this.#calls.client, this.#calls.templates, this.#target, needs);
  }

  costOf(work: Work): Cost {
    return oneSignalCost(this.#target, work);
  }

  close(): Promise<void> {
    return this.#calls.close();
  }

  #callsOf(externalId: string, signal: AbortSignal): UserCalls {
    const pace: Pace = {
      turn: async (signal) => {
        await this.#turns.turn(externalId, signal);
        await this.#users.turn(signal);
      },
      answered: (failure) => this.#users.answered(failure),
    };
    const write: Persist = (call) =>
      this.#calls.persist(pace, signal, async () => {
        const answer = await call();
        this.#turns.answered(externalId);
        return answer;
      });
    const view: Persist = (call) => this.#calls.persist(this.#views, signal, call);
    return { client: this.#calls.client, write, view, listed: this.#listed, claims: this.#claims, signal };
  }
}

function within(published: number): { readonly first: number; readonly most: number } {
  return { first: published * FIRST, most: published * MOST };
}
