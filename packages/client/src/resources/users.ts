import type {
  CreateUserBody,
  DeleteUserAnswer,
  DeliveryPage,
  IdentityAnswer,
  IdentityInput,
  MergeUserAnswer,
  UpdateUserAnswer,
  User,
  UserDeliveryQuery,
  UserExport,
  UserHistoryPage,
  UserPage,
  UserPropertiesInput,
  UserSearchQuery,
  UserSegments,
} from '@carillon/wire';
import { upsertInBatches } from '../bulk/upsert-many.ts';
import type { UpsertBatch, UpsertManyOptions, UpsertResult } from '../bulk/upsert-many.ts';
import { required } from '../failure.ts';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Who is meant: `{ label: 'external_id', id: '42' }`. */
export interface Alias {
  readonly label: string;
  readonly id: string;
}

/** Routes of users: https://documentation.onesignal.com/reference/create-user and its neighbours. */
export class Users {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/users`;
  }

  /**
   * Makes a user, or modifies the one that an alias names and adds the subscriptions to it. Status
   * 200 for a new one (201 in some SDKs), 202 for one that was there.
   */
  upsert(input: CreateUserBody, signal?: AbortSignal): Promise<Answer<User>> {
    return this.#transport.send({ method: 'POST', path: this.#base, body: input, repeatable: true, signal });
  }

  /**
   * Makes or modifies any number of users, streamed in bulk, and yields what became of each in their order.
   * A result that is yielded is committed. Memory stays flat: users are read from their source as results
   * are taken.
   *
   * After a lost connection, a 5xx or a 429 it goes on with the first user that has no result, as often as
   * the retry policy says without progress in between. A user whose result was lost is sent again, and is
   * `unchanged` then. Throws `LoadFailed` when it cannot go on or `signal` ends it, and whatever the source
   * throws, after the results of all before. Stop reading (`break`) to end it.
   *
   * @example
   * for await (const result of client.users.upsertMany(users)) {
   *   if (result.status === 'rejected') console.error(result.line, result.user.identity, result.errors);
   * }
   */
  upsertMany<Input extends CreateUserBody>(
    users: Iterable<Input> | AsyncIterable<Input>,
    options: UpsertManyOptions = {},
  ): AsyncGenerator<UpsertResult<Input>, void, undefined> {
    return oneByOne(this.upsertInBatches(users, options));
  }

  /** The same, with the results that came together: for loads of tens of thousands of users a second. */
  upsertInBatches<Input extends CreateUserBody>(
    users: Iterable<Input> | AsyncIterable<Input>,
    options: UpsertManyOptions = {},
  ): AsyncGenerator<UpsertBatch<Input>, void, undefined> {
    return upsertInBatches(this.#transport, `${this.#base}/bulk`, users, options);
  }

  view(alias: Alias, signal?: AbortSignal): Promise<Answer<User>> {
    return this.#transport.send({ method: 'GET', path: this.#by(alias), repeatable: true, signal });
  }

  /** Tags merge; a tag set to "" is removed. */
  update(
    alias: Alias,
    properties: UserPropertiesInput,
    signal?: AbortSignal,
  ): Promise<Answer<UpdateUserAnswer>> {
    const body = { properties };
    return this.#transport.send({ method: 'PATCH', path: this.#by(alias), body, repeatable: true, signal });
  }

  /**
   * Removes the user with its subscriptions and aliases, and erases all else about it: `erasure_id` names
   * the erasure (`client.erasures`) where the server is Carillon.
   */
  delete(alias: Alias, signal?: AbortSignal): Promise<Answer<DeleteUserAnswer>> {
    return this.#transport.send({ method: 'DELETE', path: this.#by(alias), repeatable: true, signal });
  }

  aliases(alias: Alias, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#by(alias)}/identity`;
    return this.#transport.send({ method: 'GET', path, repeatable: true, signal });
  }

  /** Answers with the aliases that are left. */
  removeAlias(alias: Alias, label: string, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#by(alias)}/identity/${segment(label)}`;
    return this.#transport.send({ method: 'DELETE', path, repeatable: true, signal });
  }

  /** Adds aliases, or gives those that exist a new value. */
  addAliases(alias: Alias, identity: IdentityInput, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#by(alias)}/identity`;
    return this.#transport.send({ method: 'PATCH', path, body: { identity }, repeatable: true, signal });
  }

  /** The same, taking aliases from other users who have them instead of failing with 409. */
  takeAliases(alias: Alias, identity: IdentityInput, signal?: AbortSignal): Promise<Answer<IdentityAnswer>> {
    const path = `${this.#by(alias)}/identity`;
    const body = { identity, take: true };
    return this.#transport.send({ method: 'PATCH', path, body, repeatable: true, signal });
  }

  /**
   * Makes one user of two: `from` is gone afterwards. Not repeated by itself, because the second time there
   * is nobody to merge.
   */
  merge(alias: Alias, from: Alias, signal?: AbortSignal): Promise<Answer<MergeUserAnswer>> {
    const path = `${this.#by(alias)}/merge`;
    const body = { from: { [from.label]: from.id } };
    return this.#transport.send({ method: 'POST', path, body, repeatable: false, signal });
  }

  /** One page of the users that a search finds, all of them without filters. */
  page(query: UserSearchQuery = {}, signal?: AbortSignal): Promise<Answer<UserPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  /**
   * Every user that a search finds, page after page; `limit` is the size of a page. Throws `CallFailed`.
   *
   * @example
   * for await (const user of client.users.list({ tag: ['plan=gold'] })) console.log(user.identity);
   */
  async *list(query: UserSearchQuery = {}, signal?: AbortSignal): AsyncGenerator<User, void, undefined> {
    for (let cursor = query.cursor; ;) {
      const { users, next_cursor: next } = required(
        await this.page(cursor === undefined ? query : { ...query, cursor }, signal),
      );
      yield* users;
      if (next === undefined) return;
      cursor = next;
    }
  }

  /** Who changed what about a user, newest first. */
  history(
    alias: Alias,
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<UserHistoryPage>> {
    const path = `${this.#by(alias)}/history`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  /** One page of what was, or is, to reach a user, and why it did not: the newest message first. Carillon only. */
  deliveries(
    alias: Alias,
    query: UserDeliveryQuery = {},
    signal?: AbortSignal,
  ): Promise<Answer<DeliveryPage>> {
    const path = `${this.#by(alias)}/deliveries`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  /** One page of the app's segments: whether a user is in each, and which of its filters are true. Carillon only. */
  segments(
    alias: Alias,
    query: { readonly limit?: number; readonly offset?: number } = {},
    signal?: AbortSignal,
  ): Promise<Answer<UserSegments>> {
    const path = `${this.#by(alias)}/segments`;
    return this.#transport.send({ method: 'GET', path, query, repeatable: true, signal });
  }

  /** Everything that is held about a user. All of it is in memory then: for very much, read the route's stream. */
  export(alias: Alias, signal?: AbortSignal): Promise<Answer<UserExport>> {
    return this.#transport.send({
      method: 'GET',
      path: `${this.#by(alias)}/export`,
      repeatable: true,
      signal,
    });
  }

  #by({ label, id }: Alias): string {
    return `${this.#base}/by/${segment(label)}/${segment(id)}`;
  }
}

async function* oneByOne<Result>(
  batches: AsyncIterable<readonly Result[]>,
): AsyncGenerator<Result, void, undefined> {
  for await (const batch of batches) for (const result of batch) yield result;
}
