import type {
  ConsentInput,
  ConsentsAnswer,
  IdentityAnswer,
  IdentityInput,
  SubscriptionAnswer,
  SubscriptionInput,
  SubscriptionType,
} from '@carillon/wire';
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

  /** Changes the one of this type that has this token. */
  updateByToken(
    type: SubscriptionType,
    token: string,
    subscription: SubscriptionInput,
    signal?: AbortSignal,
  ): Promise<Answer<SubscriptionAnswer>> {
    const path = `${this.#app}/subscriptions_by_token/${segment(type)}/${segment(token)}`;
    return this.#transport.send({ method: 'PATCH', path, body: { subscription }, repeatable: true, signal });
  }

  /** Moves it to the user that an alias of `identity` names. */
  transfer(id: string, identity: IdentityInput, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#app}/subscriptions/${segment(id)}/owner`;
    return this.#transport.send({ method: 'PATCH', path, body: { identity }, repeatable: true, signal });
  }

  /** The aliases of the user that has it. */
  aliases(id: string, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#app}/subscriptions/${segment(id)}/user/identity`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Adds aliases to the user that has it, or gives those that exist a new value. */
  addAliases(id: string, identity: IdentityInput, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#app}/subscriptions/${segment(id)}/user/identity`;
    return this.#transport.send({ method: 'PATCH', path, body: { identity }, repeatable: true, signal });
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
