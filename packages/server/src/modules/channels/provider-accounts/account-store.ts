import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A row of provider_accounts. */
export interface AccountRow {
  readonly kind: string;
  /** The sealed settings. */
  readonly config: Buffer;
}

const find = statement(
  'provider-accounts.find',
  'select kind, config from provider_accounts where app_id = $1 and channel = $2',
);

const ofApps = statement(
  'provider-accounts.of-apps',
  `select app_id as "appId", kind, config from provider_accounts where app_id = any($1) and channel = $2`,
);

const put = statement(
  'provider-accounts.put',
  `insert into provider_accounts (app_id, channel, kind, config, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $5)
   on conflict (app_id, channel) do update
   set kind = excluded.kind, config = excluded.config, updated_at = excluded.updated_at`,
);

const remove = statement(
  'provider-accounts.remove',
  'delete from provider_accounts where app_id = $1 and channel = $2',
);

const appsOf = statement(
  'provider-accounts.apps-of',
  'select app_id as id from provider_accounts where channel = $1 and kind = $2 order by app_id',
);

/** The rows of provider_accounts: one per app and channel. */
export class AccountStore {
  readonly #database: Queryable;

  /** A database, or an open transaction on it. */
  constructor(database: Queryable) {
    this.#database = database;
  }

  async find(appId: string, channel: string): Promise<AccountRow | null> {
    return (await this.#database.rows<AccountRow>(find, [appId, channel]))[0] ?? null;
  }

  /** Of those apps that have one. */
  ofApps(appIds: readonly string[], channel: string): Promise<(AccountRow & { readonly appId: string })[]> {
    return this.#database.rows(ofApps, [appIds, channel]);
  }

  async put(appId: string, channel: string, row: AccountRow, now: number): Promise<void> {
    await this.#database.run(put, [appId, channel, row.kind, row.config, new Date(now)]);
  }

  /** Whether there was one. */
  async remove(appId: string, channel: string): Promise<boolean> {
    return (await this.#database.run(remove, [appId, channel])) > 0;
  }

  /** The apps that send through a kind of provider. */
  async appsOf(channel: string, kind: string): Promise<string[]> {
    return (await this.#database.rows<{ id: string }>(appsOf, [channel, kind])).map(({ id }) => id);
  }
}
