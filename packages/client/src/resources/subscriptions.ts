import type { ConsentInput, ConsentsAnswer, SubscriptionAnswer, SubscriptionInput } from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';
import type { Alias } from './users.ts';

/** Routes of subscriptions: an address or a device of a user. */
export class Subscriptions {
  readonly #transport: Transport;
  readonly #app: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#app = `/apps/${segment(appId)}`;
  }

  /** Adds one to a user. A (type, token) that belongs to another user moves over. */
  create(
    alias: Alias,
    subscription: SubscriptionInput,
    signal?: AbortSignal,
  ): Promise<Answer<Partial<SubscriptionAnswer>>> {
    const path = `${this.#app}/users/by/${segment(alias.label)}/${segment(alias.id)}/subscriptions`;
    return this.#transport.send({ method: 'POST', path, body: { subscription }, repeatable: true, signal });
  }

  update(id: string, subscription: SubscriptionInput, signal?: AbortSignal): Promise<Answer<object>> {
    const path = `${this.#app}/subscriptions/${segment(id)}`;
    return this.#transport.send({ method: 'PATCH', path, body: { subscription }, repeatable: true, signal });
  }

  /** Keeps what a person has said about being written to; the newest fact decides. */
  recordConsent(
    id: string,
    consent: ConsentInput,
    signal?: AbortSignal,
  ): Promise<Answer<SubscriptionAnswer>> {
    const path = `${this.#app}/subscriptions/${segment(id)}/consents`;
    return this.#transport.send({ method: 'POST', path, body: consent, repeatable: true, signal });
  }

  /** What was said, the newest first. */
  consents(id: string, signal?: AbortSignal): Promise<Answer<ConsentsAnswer>> {
    const path = `${this.#app}/subscriptions/${segment(id)}/consents`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  delete(id: string, signal?: AbortSignal): Promise<Answer<object>> {
    const path = `${this.#app}/subscriptions/${segment(id)}`;
    return this.#transport.send({ method: 'DELETE', path, repeatable: true, signal });
  }
}
