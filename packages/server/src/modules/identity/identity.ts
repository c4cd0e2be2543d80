import type { Channel, CreateUserBody, User } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { findByAlias } from './alias-store.ts';
import { createBeginWrite } from './begin-write.ts';
import type { BeginWrite } from './begin-write.ts';
import { subscribeAddresses } from './subscribe-addresses.ts';
import type { SubscribeOptions } from './subscribe-addresses.ts';
import { BulkUsers } from './bulk/bulk-users.ts';
import { BULK_LIMITS } from './bulk/bulk-limits.ts';
import { WholeBatches } from './bulk/whole-batches.ts';
import type { BulkLimits } from './bulk/bulk-limits.ts';
import { BY_SYSTEM } from './change-source.ts';
import type { ChangeSource } from './change-source.ts';
import type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';
import { findRecipientsByAlias } from './recipients-by-alias-store.ts';
import type { AliasOfRecipient } from './recipients-by-alias-store.ts';
import {
  findAudience,
  findLastActive,
  findRecipients,
  findSubscriptionsOf,
  locateSubscriptions,
} from './recipient-store.ts';
import type { AudiencePage, RecipientPage } from './recipient-store.ts';
import { countSubscriptions } from './subscription-count-store.ts';
import type { SubscriptionCount } from './subscription-count-store.ts';
import { historyOf } from './history.ts';
import { replaceTokens } from './replace-tokens.ts';
import type { ReplacedToken } from './replace-tokens.ts';
import { markUnreachable } from './unreachable-store.ts';
import type { UnreachedPlace } from './unreachable-store.ts';
import { UserHistory } from './user-history.ts';
import type { KeyNames } from './user-history.ts';
import { UserDirectory } from './search/user-directory.ts';
import { Players } from './players/players.ts';
import { Subscriptions } from './subscriptions.ts';
import { DEFAULT_USER_POLICY } from './user-policy.ts';
import type { PolicyOf } from './user-policy.ts';
import { findSubscriptionsOfUsers } from './user-subscriptions-store.ts';
import type { SubscriptionOfUser } from './user-subscriptions-store.ts';
import { UserWriter } from './user-writer.ts';
import { findPerson } from './personal-data/person-store.ts';
import type { Person } from './personal-data/personal-data.ts';
import type { UserAddress } from './alias.ts';
import { findWholeUser } from './user-store.ts';
import { tagUsers } from './tag-users.ts';
import type { TagAssignments } from './tag-users.ts';
import { findUserFacts } from './user-facts-store.ts';
import type { FactsOfUser } from './user-facts-store.ts';
import { userNotFound } from './user-write.ts';
import { Users, presentUser } from './users.ts';
import type { HashAlias } from './users.ts';

export interface IdentityOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Days of the history; made here when absent. */
  readonly partitions?: Partitions;
  /** What each app allows of its users; the same for all when absent. */
  readonly policyOf?: PolicyOf;
  /** Asked for the keys that a user's history tells of; nobody's name is known when absent. */
  readonly keyNames?: KeyNames;
  /** What is kept of the alias by which somebody was erased; nothing when absent. */
  readonly hashAlias?: HashAlias;
  /** The usual ones when absent. */
  readonly bulkLimits?: BulkLimits;
}

const NO_NAMES: KeyNames = async () => new Map();

/** Users, their aliases, tags and subscriptions: what other modules may ask and do. */
export class Identity {
  readonly users: Users;
  readonly subscriptions: Subscriptions;
  readonly directory: UserDirectory;
  readonly history: UserHistory;
  readonly players: Players;
  readonly bulk: BulkUsers;
  readonly batches: WholeBatches;
  readonly #database: Database;
  readonly #begin: BeginWrite;
  readonly #byAlias: Coalescer<AliasOfRecipient, Recipient[]>;

  constructor({
    database,
    clock,
    partitions = new Partitions(database),
    policyOf = () => Promise.resolve(DEFAULT_USER_POLICY),
    keyNames = NO_NAMES,
    hashAlias = () => null,
    bulkLimits = BULK_LIMITS,
  }: IdentityOptions) {
    this.#database = database;
    const begin = createBeginWrite(clock, partitions, policyOf);
    this.#begin = begin;
    this.#byAlias = new Coalescer({
      inFlight: 2,
      largest: 500,
      flush: (aliases) => findRecipientsByAlias(database, aliases),
    });
    const writer = new UserWriter(database, clock);
    this.users = new Users({ database, writer, begin, hashAlias });
    this.subscriptions = new Subscriptions({ database, writer, begin });
    this.directory = new UserDirectory(database);
    this.history = new UserHistory(database, keyNames);
    const { users, subscriptions } = this;
    this.players = new Players({ database, clock, users, subscriptions });
    this.bulk = new BulkUsers({ database, clock, begin, limits: bulkLimits });
    this.batches = new WholeBatches({ database, clock, begin });
  }

  /**
   * Creates the user that the aliases name, or changes it, and gives it the listed subscriptions,
   * taking them from whoever had them. The answer lists them in the order of the request.
   * Throws ApiError `user-2`, `user-3`, `request-invalid`, `request-1`, `subscription-0`, `alias-limit`,
   * `tag-limit`.
   */
  upsertUser(
    appId: string,
    body: CreateUserBody,
    source: ChangeSource = BY_SYSTEM,
  ): Promise<{ created: boolean; user: User }> {
    return this.users.upsert(appId, body, source);
  }

  /**
   * Values of one label to their users, in one statement; unknown values are absent.
   * `onesignal_id` counts as a label.
   */
  resolveAliases(appId: string, label: string, values: readonly string[]): Promise<Map<string, UserPlace>> {
    return findByAlias(this.#database, appId, label, values);
  }

  /** The subscriptions that users have on a channel, reachable or not, in one statement. */
  subscriptionsOf(
    appId: string,
    users: readonly UserPlace[],
    channel: Channel,
  ): Promise<SubscriptionPlace[]> {
    return findSubscriptionsOf(this.#database, appId, users, channel);
  }

  /**
   * The subscriptions of an alias's user on a channel, reachable or not, with everything a rendering
   * needs. Calls that come together share a statement: the way of single sends.
   */
  recipientsByAlias(alias: AliasOfRecipient): Promise<Recipient[]> {
    return this.#byAlias.submit(alias);
  }

  /** All subscriptions of users, on every channel, by user id, in one statement. */
  subscriptionsOfUsers(
    appId: string,
    users: readonly UserPlace[],
  ): Promise<ReadonlyMap<string, readonly SubscriptionOfUser[]>> {
    return findSubscriptionsOfUsers(this.#database, appId, users);
  }

  /**
   * The subscriptions that have these addresses, in the spelling of `parseToken`, by address; one that nobody has
   * becomes a subscription of an anonymous user.
   */
  subscribeAddresses(asked: SubscribeOptions): Promise<ReadonlyMap<string, SubscriptionPlace>> {
    return subscribeAddresses({ database: this.#database, begin: this.#begin }, asked);
  }

  /**
   * Switches subscriptions off whose addresses nothing reaches any more, each with the reason as the wire knows it.
   * Those that have another token by now are left alone.
   */
  async markUnreachable(
    appId: string,
    unreached: readonly (UnreachedPlace & { readonly notificationTypes: number })[],
  ): Promise<void> {
    const { now } = await this.#begin(appId, BY_SYSTEM);
    for (const types of new Set(unreached.map(({ notificationTypes }) => notificationTypes))) {
      const places = unreached.filter(({ notificationTypes }) => notificationTypes === types);
      const history = historyOf(BY_SYSTEM, { notification_types: types });
      await retryTransient(() => markUnreachable(this.#database, appId, places, types, { history, now }));
    }
  }

  /**
   * Gives subscriptions the tokens that their devices are to be reached by from now on. One whose new token another
   * subscription has is switched off: its device would get every message twice. Those that have another token by now
   * are left alone.
   */
  async replaceTokens(appId: string, replaced: readonly ReplacedToken[]): Promise<void> {
    const { now } = await this.#begin(appId, BY_SYSTEM);
    const taken = await replaceTokens(this.#database, appId, replaced, now);
    if (taken.length > 0) {
      await this.markUnreachable(
        appId,
        taken.map((place) => ({ ...place, notificationTypes: -10 })),
      );
    }
  }

  /** Where subscriptions are, by id, in one statement. Unknown ids are left out. */
  locateSubscriptions(appId: string, ids: readonly string[]): Promise<SubscriptionPlace[]> {
    return locateSubscriptions(this.#database, appId, ids);
  }

  /**
   * Everything a rendering needs, by subscription id, in the order asked. One statement, and a second
   * one only for subscriptions that have left the page's lane. Those that exist no longer are left out.
   */
  recipients(pages: readonly RecipientPage[]): Promise<Recipient[]> {
    return findRecipients(this.#database, pages);
  }

  /** What journeys ask of users, by id, in one statement. */
  userFacts(users: readonly UserPlace[]): Promise<ReadonlyMap<string, FactsOfUser>> {
    return findUserFacts(this.#database, users);
  }

  /** Writes tags of users, each once, as part of a transaction. Throws ApiError `tag-limit`. */
  tagUsers(transaction: Queryable, appId: string, users: readonly TagAssignments[]): Promise<void> {
    return tagUsers(transaction, this.#begin, appId, users);
  }

  /** When users were last active, by id, in milliseconds since the epoch. */
  lastActive(users: readonly UserPlace[]): Promise<Map<string, number>> {
    return findLastActive(this.#database, users);
  }

  /** Everyone reachable, page by page and lane by lane: at most `limit` of each page, in one statement. */
  audience(pages: readonly AudiencePage[], limit: number): Promise<Recipient[][]> {
    return findAudience(this.#database, pages, limit);
  }

  /**
   * A user, and all by which things about them are found elsewhere. Throws ApiError `user-not-found`.
   */
  async person(appId: string, address: UserAddress): Promise<{ user: User; person: Person }> {
    const whole = await findWholeUser(this.#database, appId, address);
    if (whole === null) throw userNotFound(address);
    return { user: presentUser(whole), person: await findPerson(this.#database, appId, whole) };
  }

  /** How many subscriptions apps have. Reads an index from end to end: for people, not for hot paths. */
  countSubscriptions(appIds: readonly string[]): Promise<Map<string, SubscriptionCount>> {
    return countSubscriptions(this.#database, appIds);
  }
}
