import type { UserChange, UserHistoryPage } from '@carillon/wire';
import type { Database } from '../../platform/database/database.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { timeOfId } from '../../platform/ids.ts';
import type { UserAddress } from './alias.ts';
import { findUserPlace } from './find-user-place.ts';
import { userNotFound } from './user-write.ts';
import { findChanges } from './user-history-store.ts';
import type { ChangeRow } from './user-history-store.ts';

/** The names that API keys of an app go by, for those of `ids` that are still there. */
export type KeyNames = (appId: string, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;

const CHANGES_A_PAGE = 50;
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const LAST_DAY = '9999-12-31';

/** Who changed what about a user. */
export class UserHistory {
  readonly #database: Database;
  readonly #keyNames: KeyNames;

  constructor(database: Database, keyNames: KeyNames) {
    this.#database = database;
    this.#keyNames = keyNames;
  }

  /** One page, newest first. Throws ApiError `user-not-found`, `cursor-invalid`. */
  async page(
    appId: string,
    address: UserAddress,
    { limit = CHANGES_A_PAGE, cursor }: { readonly limit?: number; readonly cursor?: string },
  ): Promise<UserHistoryPage> {
    const place = await findUserPlace(this.#database, appId, address);
    if (place === null) throw userNotFound(address);
    const list = ['history', appId, place.userId];
    const [before] = cursor === undefined ? [HIGHEST_ID] : decodeCursor(list, cursor, ['uuid']);
    const until = cursor === undefined ? LAST_DAY : dayOf(before);
    const rows = await findChanges(this.#database, appId, place, { before, until }, limit + 1);
    const changes = await this.#present(appId, rows.slice(0, limit));
    const last = changes.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      changes,
      has_more: more,
      ...(more && { next_cursor: encodeCursor(list, [last.id]) }),
    };
  }

  async #present(appId: string, rows: readonly ChangeRow[]): Promise<UserChange[]> {
    const keys = [...new Set(rows.flatMap(({ actor }) => actor ?? []))];
    const names = keys.length === 0 ? new Map<string, string>() : await this.#keyNames(appId, keys);
    return rows.map(({ id, at, action, source, actor, changes }) => ({
      id,
      at: at.toISOString(),
      action,
      source,
      key: actor === null ? null : { id: actor, name: names.get(actor) ?? null },
      changes,
    }));
  }
}

/** A day later than the id says: the two are not made by one clock. */
function dayOf(id: string): string {
  const at = timeOfId(id) + 86_400_000;
  return at < Date.UTC(9999, 11, 31) ? new Date(at).toISOString().slice(0, 10) : LAST_DAY;
}
