import type { Channel, CreateUserBody, User } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import { BLOCKED_EXTERNAL_IDS } from './alias.ts';
import { findByAlias } from './alias-store.ts';
import type { Recipient, SubscriptionPlace, UserPlace } from './recipient.ts';
import {
  findAudiencePage,
  findRecipients,
  findSubscriptionsOf,
  locateSubscriptions,
} from './recipient-store.ts';
import type { RecipientPage } from './recipient-store.ts';
import { presentSubscription } from './subscription-row.ts';
import { presentIdentity, presentProperties } from './user-row.ts';
import { parseCreateUser } from './user-write.ts';
import { UserWriter } from './user-writer.ts';

export interface IdentityOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** External ids that are refused; the usual "no id" values when absent. */
  readonly blockedExternalIds?: readonly string[];
}

/** Users, their aliases, tags and subscriptions: what other modules may ask and do. */
export class Identity {
  readonly #database: Database;
  readonly #blocked: readonly string[];
  readonly #writer: UserWriter;

  constructor({ database, clock, blockedExternalIds = BLOCKED_EXTERNAL_IDS }: IdentityOptions) {
    this.#database = database;
    this.#blocked = blockedExternalIds;
    this.#writer = new UserWriter(database, clock);
  }

  /**
   * Creates the user that the aliases name, or changes it, and gives it the listed subscriptions,
   * taking them from whoever had them. The answer lists them in the order of the request.
   * Throws ApiError as `parseCreateUser` and `UserWriter.write` say.
   */
  async upsertUser(appId: string, body: CreateUserBody): Promise<{ created: boolean; user: User }> {
    const written = await this.#writer.write(parseCreateUser(appId, body, this.#blocked));
    return {
      created: written.outcome === 'created',
      user: {
        identity: presentIdentity(written.person.id, written.identity),
        properties: presentProperties(written.person),
        subscriptions: (written.subscriptions ?? [])
          .toSorted((a, b) => a.position - b.position)
          .map(presentSubscription),
      },
    };
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

  /** Reachable subscriptions of a channel in one lane: at most `limit` ids above `after`, in order. */
  audiencePage(
    appId: string,
    channel: Channel,
    lane: number,
    after: string | null,
    limit: number,
  ): Promise<string[]> {
    return findAudiencePage(this.#database, appId, channel, lane, after, limit);
  }
}
