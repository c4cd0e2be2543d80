import type {
  AddAliasesBody,
  CreateUserBody,
  IdentityInput,
  MergeUserAnswer,
  UpdateUserAnswer,
  UpdateUserBody,
  User,
} from '@carillon/wire';
import { retryTransient } from '../../platform/database/retry.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { deleteAlias, takeAliases } from './alias-change-store.ts';
import { ALIAS_LIMIT, parseAddress, parseIdentity } from './alias.ts';
import type { Alias, UserAddress } from './alias.ts';
import type { BeginWrite } from './begin-write.ts';
import { BY_SYSTEM } from './change-source.ts';
import type { ChangeSource } from './change-source.ts';
import { parseDeltas } from './deltas.ts';
import type { FoundUser } from './found-user.ts';
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

/** Makes of an alias what can be kept when nobody may be named any more; null keeps nothing. */
export type HashAlias = (appId: string, label: string, value: string) => Buffer | null;

export type IdentityMap = Record<string, string>;

/** The routes of users and aliases, as calls. Each throws ApiError as the route answers. */
export class Users {
  readonly #database: Database;
  readonly #writer: UserWriter;
  readonly #begin: BeginWrite;
  readonly #hashAlias: HashAlias;

  constructor(options: {
    readonly database: Database;
    readonly writer: UserWriter;
    readonly begin: BeginWrite;
    readonly hashAlias: HashAlias;
  }) {
    this.#database = options.database;
    this.#writer = options.writer;
    this.#begin = options.begin;
    this.#hashAlias = options.hashAlias;
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
    return presentUser(await findOrRefuse(this.#database, appId, address));
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

  /**
   * Deletes the user with its aliases and subscriptions. All else that is held about it is erased soon
   * after: `erasureId` is where to look how far that is.
   */
  async delete(
    appId: string,
    address: UserAddress,
    source: ChangeSource = BY_SYSTEM,
  ): Promise<{ userId: string; erasureId: string }> {
    const { now } = await this.#begin(appId, source);
    const history = historyOf(source, {});
    const { label, value } = address.by === 'id' ? { label: 'onesignal_id', value: address.id } : address;
    const note = { aliasHash: this.#hashAlias(appId, label, value), history, now };
    return retryTransient(async () => {
      const user = await lookUp(this.#database, appId, address);
      const erasureId = await deleteUser(this.#database, user, note);
      if (erasureId === null) throw userNotFound(address);
      return { userId: user.userId, erasureId };
    });
  }

  async identity(appId: string, address: UserAddress): Promise<IdentityMap> {
    const { person, identity } = await findOrRefuse(this.#database, appId, address);
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
    const { now } = await this.#begin(appId, source);
    const history = historyOf(source, {});
    return retryTransient(async () => {
      const user = await lookUp(this.#database, appId, address);
      const result = await deleteAlias(this.#database, user, label, { history, now });
      switch (result.outcome) {
        case 'deleted':
          return presentIdentity(user.userId, result.identity);
        case 'no-user':
          throw userNotFound(address);
        case 'no-alias':
          throw new ApiError('alias-not-found', { params: { label } });
      }
    });
  }

  /** Makes one user of two: `named` is an alias of the one that is gone afterwards. */
  async merge(
    appId: string,
    address: UserAddress,
    named: IdentityInput,
    source: ChangeSource,
  ): Promise<MergeUserAnswer> {
    const [alias, ...others] = Object.entries(named);
    if (alias === undefined || others.length > 0) refuse('from', 'must hold exactly one alias');
    const from = parseAddress(alias[0], String(alias[1]));
    const { policy, now } = await this.#begin(appId, source);
    const history = historyOf(source, {});
    // One transaction, so that the answer shows the user as the merge has left it.
    return this.#database.transaction(async (transaction) => {
      const gone = await lookUp(transaction, appId, from);
      const kept = await lookUp(transaction, appId, address);
      if (gone.userId === kept.userId) refuse('from', 'must name another user: this one it is already');
      const users = { kept, gone, tagLimit: policy.tagLimit };
      const result = await mergeUsers(transaction, users, { history, now });
      switch (result.outcome) {
        case 'merged': {
          const user = await findWholeUser(transaction, appId, { by: 'id', id: kept.userId });
          if (user === null) throw new ApiError('internal');
          return { ...presentUser(user), dropped_aliases: { ...result.detail } };
        }
        case 'no-user':
          throw userNotFound({ by: 'id', id: result.detail });
        case 'too-many-aliases':
          throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT } });
        case 'too-many-tags':
          throw new ApiError('tag-limit', { params: { limit: policy.tagLimit } });
      }
    });
  }

  async #takeAliases(
    appId: string,
    address: UserAddress,
    aliases: readonly Alias[],
    { source, now }: WriteContext,
  ): Promise<IdentityMap> {
    const identity = Object.fromEntries(aliases.map(({ label, value }) => [label, value]));
    const history = historyOf(source, { identity });
    return retryTransient(async () => {
      const user = await lookUp(this.#database, appId, address);
      const result = await takeAliases(this.#database, user, identity, { history, now });
      switch (result.outcome) {
        case 'taken':
          return presentIdentity(user.userId, result.identity);
        case 'no-user':
          throw userNotFound(address);
        case 'too-many-aliases':
          throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT } });
      }
    });
  }
}

async function findOrRefuse(database: Queryable, appId: string, address: UserAddress): Promise<WholeUser> {
  const found = await findWholeUser(database, appId, address);
  if (found === null) throw userNotFound(address);
  return found;
}

/** Whom an address leads to at this moment. */
async function lookUp(database: Queryable, appId: string, address: UserAddress): Promise<FoundUser> {
  const userId = address.by === 'id' ? address.id : (await findOrRefuse(database, appId, address)).person.id;
  return { appId, userId, address };
}

/** The wire form. */
export function presentUser({ person, identity, subscriptions }: WholeUser): User {
  return {
    identity: presentIdentity(person.id, identity),
    properties: presentProperties(person),
    subscriptions: (subscriptions ?? []).map(presentSubscription),
  };
}
