import { CallFailed, Client, describeFailure } from '@carillon/client';
import type { Answer, Failure } from '@carillon/client';
import type { Target } from '../config/config.ts';
import type { UserChange } from '../model/diff-user.ts';
import type { MappedUser } from '../model/map-user.ts';
import type { EventItem, MessageItem } from '../model/outbox-item.ts';
import type { Finding } from '../model/source.ts';
import { checkTarget } from './check-target.ts';
import type { Delivered, Destination, EventPage } from './destination.ts';
import { Gate } from './gate.ts';
import { persist } from './persist.ts';
import { isMapped, subscriptionInput } from './subscription-input.ts';
import { removeUser } from './remove-user.ts';
import { takeOver } from './take-over.ts';
import type { Call } from './take-over.ts';
import { TemplateNames } from './template-names.ts';

const DONE: Delivered = { kind: 'done' };

export interface ApiOptions {
  /** Told of each failed try that will be repeated. */
  readonly onTrouble: (failure: Failure) => void;
}

/** The key or the app is wrong: nothing will ever be accepted. */
export class TargetRefused extends Error {
  constructor(failure: Failure) {
    super(`The target refuses the key: ${describeFailure(failure)}`);
    this.name = 'TargetRefused';
  }
}

/** Carillon's API, or any server that speaks the same wire. */
export class MessagingApi implements Destination {
  readonly #client: Client;
  readonly #gate = new Gate();
  readonly #templates: TemplateNames;
  readonly #onTrouble: (failure: Failure) => void;

  constructor(target: Target, { onTrouble }: ApiOptions) {
    // Waiting is done here, for all calls together.
    this.#client = new Client({ ...target, retry: { retries: 0, baseDelayMs: 1000 } });
    this.#templates = new TemplateNames(this.#client);
    this.#onTrouble = onTrouble;
  }

  async putUser(user: MappedUser, change: UserChange, signal: AbortSignal): Promise<Delivered> {
    const alias = { label: 'external_id', id: user.externalId };
    const { users } = this.#client;
    if (change.kind === 'none') return DONE;
    if (change.kind === 'changed' && !change.subscriptions) {
      const answer = await this.#persist(signal, () => users.update(alias, user.properties, signal));
      if (answer.ok || answer.failure.kind !== 'not-found') return this.#delivered(answer);
      // Deleted over there since: make it anew.
    }
    const identity = { ...user.aliases, external_id: user.externalId };
    const subscriptions = user.subscriptions.map(subscriptionInput);
    const body = { identity, properties: user.properties, subscriptions };
    const answer = await this.#persist(signal, () => users.upsert(body, signal));
    if (!answer.ok) return this.#delivered(answer);
    const call: Call = (request) => this.#persist(signal, request);
    const moved = await takeOver(this.#client, call, user, signal);
    if (moved !== null) return this.#delivered(moved);
    // Some servers apply the properties of a new user only.
    const existed = answer.status === 202;
    if (!existed) return DONE;
    const updated = await this.#persist(signal, () => users.update(alias, user.properties, signal));
    return updated.ok ? this.#retireAddresses(user, signal) : this.#delivered(updated);
  }

  async removeUser(
    externalId: string,
    how: 'unsubscribe' | 'delete',
    signal: AbortSignal,
  ): Promise<Delivered> {
    return this.#delivered(
      await removeUser(this.#client, (call) => this.#persist(signal, call), externalId, how, signal),
    );
  }

  /** Turns off the addresses that the row had before and has no more. */
  async #retireAddresses(user: MappedUser, signal: AbortSignal): Promise<Delivered> {
    const alias = { label: 'external_id', id: user.externalId };
    const view = await this.#persist(signal, () => this.#client.users.view(alias, signal));
    if (!view.ok) return this.#delivered(view);
    const wanted = new Set(user.subscriptions.map(({ token }) => token.toLowerCase()));
    for (const { id, type, token, enabled } of view.value.subscriptions) {
      if (!isMapped(type, user) || !enabled || wanted.has(token.toLowerCase())) continue;
      const off = { enabled: false, notification_types: -2 };
      const answer = await this.#persist(signal, () => this.#client.subscriptions.update(id, off, signal));
      if (!answer.ok && answer.failure.kind !== 'not-found') return this.#delivered(answer);
    }
    return DONE;
  }

  async sendEvents(events: readonly EventItem[], signal: AbortSignal): Promise<readonly Delivered[]> {
    const batch = events.map(({ id, name, externalId, at, properties }) => ({
      name,
      external_id: externalId,
      timestamp: at,
      idempotency_key: id,
      properties,
    }));
    const answer = await this.#persist(signal, () => this.#client.customEvents.create(batch, signal));
    if (!answer.ok) {
      const result = this.#delivered(answer);
      return events.map(() => result);
    }
    const refused = new Map(answer.value.map(({ event_id, error }) => [event_id, error.title]));
    return events.map(({ id }): Delivered => {
      const rule = refused.get(id);
      return rule === undefined ? DONE : { kind: 'rejected', rule };
    });
  }

  async sendMessage(message: MessageItem, signal: AbortSignal): Promise<Delivered> {
    const template = await this.#persist(signal, () => this.#templates.find(message.template, signal));
    if (!template.ok) return this.#delivered(template);
    if (template.value === null) {
      return { kind: 'rejected', rule: `there is no template named ${message.template}` };
    }
    const body = {
      include_aliases: { external_id: [message.externalId] },
      target_channel: message.channel,
      template_id: template.value,
      custom_data: message.data,
      idempotency_key: message.id,
      name: message.name,
    };
    const answer = await this.#persist(signal, () => this.#client.notifications.create(body, signal));
    if (!answer.ok) return this.#delivered(answer);
    // 200 with an empty id: nobody to send to. Asking again changes nothing.
    return answer.value.kind === 'accepted'
      ? DONE
      : { kind: 'rejected', rule: answer.value.reasons.join('; ') };
  }

  async *messageEvents(cursor: string | undefined, signal: AbortSignal): AsyncGenerator<EventPage> {
    try {
      yield* this.#client.feed.follow({ cursor, signal, onTrouble: this.#onTrouble });
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      if (error.failure.kind === 'unauthorized') throw new TargetRefused(error.failure);
      this.#onTrouble(error.failure);
    }
  }

  check(templates: readonly string[]): Promise<readonly Finding[]> {
    return checkTarget(this.#client, this.#templates, templates);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #persist<Value>(signal: AbortSignal, call: () => Promise<Answer<Value>>): Promise<Answer<Value>> {
    return persist(this.#gate, signal, this.#onTrouble, call);
  }

  #delivered(answer: Answer<unknown>): Delivered {
    if (answer.ok) return DONE;
    if (answer.failure.kind === 'aborted') return { kind: 'aborted' };
    if (answer.failure.kind === 'unauthorized') throw new TargetRefused(answer.failure);
    return { kind: 'rejected', rule: describeFailure(answer.failure) };
  }
}
