import type {
  AddAliasesBody,
  CreateUserBody,
  IdentityInput,
  MergeUserAnswer,
  UpdateUserAnswer,
  UpdateUserBody,
  User,
} from '@carillon/wire';
import pg from 'pg';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { deleteAlias, takeAliases } from './alias-change-store.ts';
import { ALIAS_LIMIT, parseAddress, parseIdentity } from './alias.ts';
import type { Alias, UserAddress } from './alias.ts';
import type { BeginWrite } from './begin-write.ts';
import type { ChangeSource } from './change-source.ts';
import { parseDeltas } from './deltas.ts';
import { historyOf } from './history.ts';
import { refreshTokens } from './refresh-tokens.ts';
import { presentSubscription } from './subscription-row.ts';
import { refuse } from './text-rule.ts';
import { mergeUsers } from './user-merge-store.ts';
import { parseProperties, presentChanges } from './user-properties.ts';
import { presentIdentity, presentProperties } from './user-row.ts';
import { deleteUser, findWholeUser } from './user-store.ts';
import type { WholeUser } from './user-store.ts';
import { parseCreateUser, nothingFor, userNotFound } from './user-write.ts';
import type { WriteContext } from './user-write.ts';
import type { UserWriter } from './user-writer.ts';

export type IdentityMap = Record<string, string>;

/** The routes of users and aliases, as calls. Each throws ApiError as the route answers. */
export class Users {
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

  /** Creates or changes; the answer lists the subscriptions of the request, in its order. */
  async upsert(
    appId: string,
    body: CreateUserBody,
    source: ChangeSource,
  ): Promise<{ created: boolean; user: User }> {
    const context = await this.#begin(appId, source);
    const write = parseCreateUser(appId, body, context);
    const written = await refreshTokens(this.#database, write, await this.#writer.write(write), context);
    return { created: written.outcome === 'created', user: presentUser(written) };
  }

  async view(appId: string, address: UserAddress): Promise<User> {
    return presentUser(await this.#find(appId, address));
  }

  /**
   * Merges properties and adds deltas; those of a session count for the subscription `sessionOf` too. The
   * answer is what was applied, as it was understood.
   */
  async update(
    appId: string,
    address: UserAddress,
    body: UpdateUserBody,
    source: ChangeSource,
    sessionOf?: string,
  ): Promise<UpdateUserAnswer> {
    const context = await this.#begin(appId, source);
    const properties = parseProperties(body.properties, context.policy.tagLimit);
    const deltas = parseDeltas(body.deltas, sessionOf);
    await this.#writer.write({
      ...nothingFor(appId, address, context),
      properties,
      deltas,
      touch: body.refresh_device_metadata === true || deltas !== null,
    });
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

  /**
   * Adds aliases, or gives labels that exist another value; other labels stay. With `take`, an alias of
   * another user is taken from it instead of being refused.
   */
  async addAliases(
    appId: string,
    address: UserAddress,
    { identity, take = false }: AddAliasesBody,
    source: ChangeSource,
  ): Promise<IdentityMap> {
    const context = await this.#begin(appId, source);
    const { userId, aliases } = parseIdentity(identity, context.policy.blockedExternalIds);
    if (userId !== null) {
      refuse('identity.onesignal_id', 'is given by the server and cannot be set');
    }
    if (take) return this.#takeAliases(appId, address, aliases, context);
    const written = await this.#writer.write({
      ...nothingFor(appId, address, context),
      aliases,
      replaceExternalId: true,
    });
    return presentIdentity(written.person.id, written.identity);
  }

  /**
   * Removes one alias and returns those that are left. A user who has neither alias nor subscription then
   * is gone.
   */
  async deleteAlias(
    appId: string,
    address: UserAddress,
    label: string,
    source: ChangeSource,
  ): Promise<IdentityMap> {
    if (label === 'onesignal_id') refuse('onesignal_id', 'cannot be removed from a user');
    const userId = await this.#idOf(appId, address);
    const { now } = await this.#begin(appId, source);
    const history = historyOf(source, {});
    const result = await retryTransient(() =>
      deleteAlias(this.#database, { appId, userId }, label, { history, now }),
    );
    switch (result.outcome) {
      case 'deleted':
        return presentIdentity(userId, result.identity);
      case 'no-user':
        throw userNotFound(address);
      case 'no-alias':
        throw new ApiError('alias-not-found', { params: { label } });
    }
  }

  /** Makes one user of two: `from` names the one that is gone afterwards. */
  async merge(
    appId: string,
    address: UserAddress,
    from: IdentityInput,
    source: ChangeSource,
  ): Promise<MergeUserAnswer> {
    const [alias, ...others] = Object.entries(from);
    if (alias === undefined || others.length > 0) refuse('from', 'must hold exactly one alias');
    const gone = await this.#idOf(appId, parseAddress(alias[0], String(alias[1])));
    const kept = await this.#idOf(appId, address);
    if (gone === kept) refuse('from', 'must name another user: this one it is already');
    const { policy, now } = await this.#begin(appId, source);
    const users = { appId, kept, gone, tagLimit: policy.tagLimit };
    const history = historyOf(source, {});
    const result = await retryTransient(() => mergeUsers(this.#database, users, { history, now }));
    switch (result.outcome) {
      case 'merged':
        return { ...(await this.view(appId, { by: 'id', id: kept })), dropped_aliases: { ...result.detail } };
      case 'no-user':
        throw userNotFound({ by: 'id', id: result.detail });
      case 'too-many-aliases':
        throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT } });
      case 'too-many-tags':
        throw new ApiError('tag-limit', { params: { limit: policy.tagLimit } });
    }
  }

  async #takeAliases(
    appId: string,
    address: UserAddress,
    aliases: readonly Alias[],
    { source, now }: WriteContext,
  ): Promise<IdentityMap> {
    const userId = await this.#idOf(appId, address);
    const identity = Object.fromEntries(aliases.map(({ label, value }) => [label, value]));
    const history = historyOf(source, { identity });
    try {
      const result = await retryTransient(() =>
        takeAliases(this.#database, { appId, userId }, identity, { history, now }),
      );
      if (result.outcome === 'no-user') throw userNotFound(address);
      return presentIdentity(userId, result.identity);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || error.code !== 'CA001') throw error;
      throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT }, cause: error });
    }
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
