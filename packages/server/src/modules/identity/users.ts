import type { CreateUserBody, IdentityInput, UpdateUserAnswer, UpdateUserBody, User } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { parseIdentity } from './alias.ts';
import type { UserAddress } from './alias.ts';
import { presentSubscription } from './subscription-row.ts';
import { parseProperties, presentChanges } from './user-properties.ts';
import type { UserPolicy } from './user-policy.ts';
import { presentIdentity, presentProperties } from './user-row.ts';
import { deleteAlias, deleteUser, findWholeUser } from './user-store.ts';
import type { WholeUser } from './user-store.ts';
import { parseCreateUser, nothingFor, userNotFound } from './user-write.ts';
import type { UserWriter } from './user-writer.ts';

export type IdentityMap = Record<string, string>;

/** The routes of users and aliases, as calls. Each throws ApiError as the route answers. */
export class Users {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #writer: UserWriter;
  readonly #policyOf: (appId: string) => Promise<UserPolicy>;

  constructor(options: {
    readonly database: Database;
    readonly clock: Clock;
    readonly writer: UserWriter;
    readonly policyOf: (appId: string) => Promise<UserPolicy>;
  }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#writer = options.writer;
    this.#policyOf = options.policyOf;
  }

  /** Creates or changes; the answer lists the subscriptions of the request, in its order. */
  async upsert(appId: string, body: CreateUserBody): Promise<{ created: boolean; user: User }> {
    const { blockedExternalIds } = await this.#policyOf(appId);
    const written = await this.#writer.write(parseCreateUser(appId, body, blockedExternalIds));
    return { created: written.outcome === 'created', user: presentUser(written) };
  }

  async view(appId: string, address: UserAddress): Promise<User> {
    return presentUser(await this.#find(appId, address));
  }

  /** Merges properties. The answer is what was applied, as it was understood. */
  async update(appId: string, address: UserAddress, body: UpdateUserBody): Promise<UpdateUserAnswer> {
    const properties = parseProperties(body.properties);
    const touch = body.refresh_device_metadata ?? false;
    await this.#writer.write({ ...nothingFor(appId, address), properties, touch });
    return { properties: presentChanges(properties) };
  }

  /** Deletes the user with its aliases and subscriptions, and returns its id. */
  async delete(appId: string, address: UserAddress): Promise<string> {
    const userId = await this.#idOf(appId, address);
    const gone = await retryTransient(() => deleteUser(this.#database, appId, userId));
    if (!gone) throw userNotFound(address);
    return userId;
  }

  async identity(appId: string, address: UserAddress): Promise<IdentityMap> {
    const { person, identity } = await this.#find(appId, address);
    return presentIdentity(person.id, identity);
  }

  /** Adds aliases, or gives labels that exist another value; other labels stay. */
  async addAliases(appId: string, address: UserAddress, identity: IdentityInput): Promise<IdentityMap> {
    const { blockedExternalIds } = await this.#policyOf(appId);
    const { userId, aliases } = parseIdentity(identity, blockedExternalIds);
    if (userId !== null) {
      throw new ApiError('request-invalid', {
        params: { field: 'identity.onesignal_id', rule: 'is given by the server and cannot be set' },
      });
    }
    const written = await this.#writer.write({
      ...nothingFor(appId, address),
      aliases,
      replaceExternalId: true,
    });
    return presentIdentity(written.person.id, written.identity);
  }

  /** Removes one alias and returns those that are left. */
  async deleteAlias(appId: string, address: UserAddress, label: string): Promise<IdentityMap> {
    if (label === 'onesignal_id') {
      throw new ApiError('request-invalid', {
        params: { field: 'onesignal_id', rule: 'cannot be removed from a user' },
      });
    }
    const userId = await this.#idOf(appId, address);
    const at = this.#clock.now();
    const left = await this.#database.transaction(async (transaction) => {
      const result = await deleteAlias(transaction, { appId, userId, label, at });
      if (result === 'no-user') throw userNotFound(address);
      if (result === 'no-alias') throw new ApiError('alias-not-found', { params: { label } });
      return result;
    });
    return presentIdentity(userId, left);
  }

  async #find(appId: string, address: UserAddress): Promise<WholeUser> {
    const found = await findWholeUser(this.#database, appId, address);
    if (found === null) throw userNotFound(address);
    return found;
  }

  async #idOf(appId: string, address: UserAddress): Promise<string> {
    return address.by === 'id' ? address.id : (await this.#find(appId, address)).person.id;
  }
}

function presentUser({ person, identity, subscriptions }: WholeUser): User {
  return {
    identity: presentIdentity(person.id, identity),
    properties: presentProperties(person),
    subscriptions: (subscriptions ?? []).map(presentSubscription),
  };
}
