import type { IdentityInput, Subscription, SubscriptionInput } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseToken } from './address.ts';
import { parseAddress } from './alias.ts';
import type { UserAddress } from './alias.ts';
import { parseChanges, parseSubscription, parseType } from './subscription-changes.ts';
import { presentSubscription } from './subscription-row.ts';
import type { SubscriptionRow } from './subscription-row.ts';
import {
  changeSubscription,
  deleteSubscription,
  findSubscription,
  findSubscriptionByToken,
} from './subscription-store.ts';
import { refuse } from './text-rule.ts';
import { presentIdentity } from './user-row.ts';
import { nothingFor } from './user-write.ts';
import type { UserWriter } from './user-writer.ts';

/** The routes of subscriptions, as calls. Each throws ApiError as the route answers. */
export class Subscriptions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #writer: UserWriter;

  constructor(options: { readonly database: Database; readonly clock: Clock; readonly writer: UserWriter }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#writer = options.writer;
  }

  /** Gives a user a subscription: a new one, or the one that has this token, whoever had it. */
  async create(
    appId: string,
    address: UserAddress,
    input: SubscriptionInput,
  ): Promise<{ created: boolean; subscription: Subscription }> {
    const write = { ...nothingFor(appId, address), subscriptions: [parseSubscription(input)] };
    const written = await this.#writer.write(write).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== 'user-not-found') throw error;
      const { label, value } = address.by === 'id' ? { label: 'onesignal_id', value: address.id } : address;
      throw new ApiError('subscription-user-not-found', { params: { label, value }, cause: error });
    });
    const [subscription] = written.subscriptions ?? [];
    if (subscription === undefined) throw new ApiError('subscription-0');
    return { created: subscription.place === 'new', subscription: presentSubscription(subscription) };
  }

  /** Changes what the request names. A new token must be nobody else's. */
  async update(appId: string, id: string, input: SubscriptionInput): Promise<Subscription> {
    return this.#change(appId, await this.#find(appId, id), input);
  }

  /** The same for the subscription that has this token. */
  async updateByToken(
    appId: string,
    typeName: string,
    token: string,
    input: SubscriptionInput,
  ): Promise<Subscription> {
    const type = parseType(typeName);
    const found = await findSubscriptionByToken(this.#database, appId, type, parseToken(type, token));
    if (found === null) throw new ApiError('subscription-0');
    return this.#change(appId, found, input);
  }

  async delete(appId: string, id: string): Promise<void> {
    const gone = await retryTransient(() => deleteSubscription(this.#database, appId, id));
    if (!gone) throw new ApiError('subscription-0');
  }

  /** Moves a subscription to the one user that `identity` names, and returns that user's aliases. */
  async transfer(appId: string, id: string, identity: IdentityInput): Promise<Record<string, string>> {
    const [alias, ...others] = Object.entries(identity);
    if (alias === undefined || others.length > 0) refuse('identity', 'must hold exactly one alias');
    const written = await this.#writer.write({
      ...nothingFor(appId, parseAddress(alias[0], String(alias[1]))),
      subscriptions: [parseSubscription({ id })],
    });
    return presentIdentity(written.person.id, written.identity);
  }

  /** The user that has this subscription, as an address. */
  async ownerOf(appId: string, id: string): Promise<UserAddress> {
    return { by: 'id', id: (await this.#find(appId, id)).user_id };
  }

  async #find(appId: string, id: string): Promise<SubscriptionRow> {
    const found = await findSubscription(this.#database, appId, id);
    if (found === null) throw new ApiError('subscription-0');
    return found;
  }

  async #change(appId: string, present: SubscriptionRow, input: SubscriptionInput): Promise<Subscription> {
    const type = parseType(present.type);
    if (input.type !== undefined && parseType(input.type) !== type) {
      refuse(
        'subscription.type',
        `is ${type} and cannot be changed: create a subscription of the other type`,
      );
    }
    const token = input.token === undefined || input.token === null ? null : parseToken(type, input.token);
    const changes = { ...parseChanges(input), token, at: this.#clock.now() };
    const result = await retryTransient(() => changeSubscription(this.#database, appId, present.id, changes));
    switch (result.outcome) {
      case 'updated':
        return presentSubscription(result.subscription);
      case 'no-subscription':
        throw new ApiError('subscription-0');
      case 'token-taken':
        throw new ApiError('subscription-token-taken');
    }
  }
}
