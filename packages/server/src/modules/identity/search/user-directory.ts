import type { UserPage, UserSearchQuery } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import { findUserPlace } from '../find-user-place.ts';
import type { UserPlace } from '../recipient.ts';
import type { WholeUser } from '../user-store.ts';
import { presentUser } from '../users.ts';
import { findByPrefix, findByToken, findNewest, findOne } from './search-store.ts';
import type { Found, Place } from './search-store.ts';
import { parseUserSearch } from './user-search.ts';
import type { ExactFilter, UserSearch } from './user-search.ts';

const USERS_A_PAGE = 50;
/** Behind everything that can be created: microseconds of the year 10000. */
const NEWEST = 253_402_300_800_000_000;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';

interface FoundPage {
  readonly users: readonly WholeUser[];
  /** Behind which the next page begins; null on the last one. */
  readonly next: Place | null;
}

/** The users of an app, to be leafed through and searched. */
export class UserDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * One page: newest first, or in the order of their external ids when the search is for how those
   * begin. Throws ApiError `request-invalid`, `request-1`, `cursor-invalid`.
   */
  async page(appId: string, { limit = USERS_A_PAGE, cursor, ...query }: UserSearchQuery): Promise<UserPage> {
    const search = parseUserSearch(query);
    // A cursor is a place among the users of this very search.
    const list = ['users', appId, Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1))];
    const { users, next } = await this.#find(appId, search, limit, list, cursor);
    return {
      users: users.map(presentUser),
      has_more: next !== null,
      ...(next !== null && { next_cursor: encodeCursor(list, next) }),
    };
  }

  async #find(
    appId: string,
    search: UserSearch,
    limit: number,
    list: readonly unknown[],
    cursor: string | undefined,
  ): Promise<FoundPage> {
    const { exact, externalIdPrefix: prefix, filters } = search;
    if (exact.length > 0) {
      if (cursor !== undefined) decodeCursor(list, cursor, []);
      const user = await this.#findExactly(appId, search);
      return { users: user === null ? [] : [user], next: null };
    }
    // One more than the page holds: it says whether there is more.
    if (prefix !== null) {
      const [after] = cursor === undefined ? [''] : decodeCursor(list, cursor, ['text']);
      return cut(await findByPrefix(this.#database, appId, filters, prefix, after, limit + 1), limit);
    }
    const after =
      cursor === undefined ? ([NEWEST, LOWEST_ID] as const) : decodeCursor(list, cursor, ['integer', 'uuid']);
    return cut(await findNewest(this.#database, appId, filters, after, limit + 1), limit);
  }

  /** The user that all exact filters lead to. */
  async #findExactly(
    appId: string,
    { exact, externalIdPrefix, filters }: UserSearch,
  ): Promise<WholeUser | null> {
    const places = await Promise.all(exact.map((filter) => this.#placeOf(appId, filter)));
    const [place] = places;
    if (!place || places.some((other) => other?.userId !== place.userId)) return null;
    const user = await findOne(this.#database, appId, place, filters);
    const begins = externalIdPrefix === null || user?.person.external_id?.startsWith(externalIdPrefix);
    return begins === true ? user : null;
  }

  async #placeOf(appId: string, filter: ExactFilter): Promise<UserPlace | null> {
    switch (filter.by) {
      case 'token':
        return findByToken(this.#database, appId, filter.type, filter.token);
      case 'id':
      case 'alias':
        return findUserPlace(this.#database, appId, filter);
    }
  }
}

function cut({ users, edge }: Found, limit: number): FoundPage {
  const page = users.slice(0, limit);
  const last = page.at(-1);
  return { users: page, next: users.length > limit && last !== undefined ? last.place : edge };
}
