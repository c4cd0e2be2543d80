import type { Consent, ConsentInput, IdentityInput, Subscription, SubscriptionInput } from '@carillon/wire';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseToken } from './address.ts';
import { parseAddress } from './alias.ts';
import type { UserAddress } from './alias.ts';
import type { BeginWrite } from './begin-write.ts';
import { BY_SYSTEM } from './change-source.ts';
import type { ChangeSource } from './change-source.ts';
import { findConsents } from './consent-store.ts';
import { presentConsent } from './consent.ts';
import { historyOf } from './history.ts';
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

/** Facts that an answer shows. More than that are kept, but nobody reads them one by one. */
const MOST_CONSENTS = 1_000;

/** The routes of subscriptions, as calls. Each throws ApiError as the route answers. */
export class Subscriptions {
  readonly #database: Database;
  readonly #writer: UserWriter;
  readonly #begin: BeginWrite;

  constructor(options: {
    readonly database: Database;
    readonly writer: UserWriter;
    readonly begin: BeginWrite;
  }) {
    this.#database = options.database;
    this.#writer = options.writer;
    this.#begin = options.begin;
  }

  /** Gives a user a subscription: a new one, or the one that has this token, whoever had it. */
  async create(
    appId: string,
    address: UserAddress,
    input: SubscriptionInput,
    source: ChangeSource,
  ): Promise<{ created: boolean; subscription: Subscription }> {
    const context = await this.#begin(appId, source);
    const write = {
      ...nothingFor(appId, address, context),
      subscriptions: [parseSubscription(input, context.now)],
    };
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
  async update(
    appId: string,
    id: string,
    input: SubscriptionInput,
    source: ChangeSource,
  ): Promise<Subscription> {
    return this.#change(appId, await this.#find(appId, id), input, source);
  }

  /** The same for the subscription that has this token. */
  async updateByToken(
    appId: string,
    address: { readonly type: string; readonly token: string },
    input: SubscriptionInput,
    source: ChangeSource,
  ): Promise<Subscription> {
    const type = parseType(address.type);
    const token = parseToken(type, address.token);
    // Looked up anew when another one has got the token meanwhile.
    return retryTransient(async () => {
      const found = await findSubscriptionByToken(this.#database, appId, type, token);
      if (found === null) throw new ApiError('subscription-0');
      return this.#change(appId, found, input, source, token);
    });
  }

  /** An anonymous user whom it was the last thing of goes with it. */
  async delete(appId: string, id: string, source: ChangeSource): Promise<void> {
    const { now } = await this.#begin(appId, source);
    const history = historyOf(source, {});
    const gone = await retryTransient(() => deleteSubscription(this.#database, appId, id, { history, now }));
    if (!gone) throw new ApiError('subscription-0');
  }

  /** Moves a subscription to the one user that `identity` names, and returns that user's aliases. */
  async transfer(
    appId: string,
    id: string,
    identity: IdentityInput,
    source: ChangeSource,
  ): Promise<Record<string, string>> {
    const [alias, ...others] = Object.entries(identity);
    if (alias === undefined || others.length > 0) refuse('identity', 'must hold exactly one alias');
    const context = await this.#begin(appId, source);
    const written = await this.#writer.write({
      ...nothingFor(appId, parseAddress(alias[0], String(alias[1])), context),
      subscriptions: [parseSubscription({ id }, context.now)],
    });
    return presentIdentity(written.person.id, written.identity);
  }

  /** Keeps a fact about being written to; the newest one decides whether the subscription is enabled. */
  async recordConsent(
    appId: string,
    id: string,
    consent: ConsentInput,
    source: ChangeSource,
  ): Promise<Subscription> {
    return this.update(appId, id, { consent }, source);
  }

  /**
   * Switches a subscription off because its person has said so, by the way that `source` names; false when it
   * is not there any more.
   */
  async unsubscribe(appId: string, id: string, source: string): Promise<boolean> {
    const present = await findSubscription(this.#database, appId, id);
    if (present === null) return false;
    const { now } = await this.#begin(appId, BY_SYSTEM);
    const at = new Date(now).toISOString();
    await this.#change(appId, present, { consent: { granted: false, at, source } }, BY_SYSTEM);
    return true;
  }

  /** What was said about being written to at this address, the newest first. */
  async consents(appId: string, id: string): Promise<Consent[]> {
    const { lane } = await this.#find(appId, id);
    const place = { appId, lane, subscriptionId: id };
    return (await findConsents(this.#database, place, MOST_CONSENTS)).map(presentConsent);
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

  async #change(
    appId: string,
    present: SubscriptionRow,
    input: SubscriptionInput,
    source: ChangeSource,
    ofToken: string | null = null,
  ): Promise<Subscription> {
    const type = parseType(present.type);
    if (input.type !== undefined && parseType(input.type) !== type) {
      refuse(
        'subscription.type',
        `is ${type} and cannot be changed: create a subscription of the other type`,
      );
    }
    const { now } = await this.#begin(appId, source);
    const token = input.token === undefined || input.token === null ? null : parseToken(type, input.token);
    const changes = { ...parseChanges(input, now), token, ofToken };
    const { id: _, ...told } = input;
    const context = { history: historyOf(source, told), now };
    const result = await retryTransient(() =>
      changeSubscription(this.#database, appId, present.id, changes, context),
    );
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
