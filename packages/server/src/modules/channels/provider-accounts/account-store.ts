import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { WarmUp } from './warm-up.ts';

/** A row of provider_accounts. */
export interface AccountRow {
  readonly name: string;
  readonly kind: string;
  readonly order: number;
  readonly weight: number;
  readonly warmUp: WarmUp | null;
  readonly domainLimits: Readonly<Record<string, number>> | null;
  /** The sealed settings. */
  readonly config: Buffer;
}

const all = statement(
  'provider-accounts.all',
  `select name, kind, rank as "order", weight, warm_up as "warmUp", domain_limits as "domainLimits", config from provider_accounts
   where app_id = $1 and channel = $2 order by rank, name`,
);

const ofApps = statement(
  'provider-accounts.of-apps',
  `select app_id as "appId", name, kind, rank as "order", weight, warm_up as "warmUp", domain_limits as "domainLimits", config from provider_accounts
   where app_id = any($1) and channel = $2 order by app_id, rank, name`,
);

/** No other write of the app's providers comes between what is read and what is written. */
const lock = statement('provider-accounts.lock', 'select from apps where id = $1 for update');

const put = statement(
  'provider-accounts.put',
  `insert into provider_accounts (app_id, channel, name, kind, rank, weight, warm_up, domain_limits, config,
     created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
   on conflict (app_id, channel, name) do update
   set kind = excluded.kind, rank = excluded.rank, weight = excluded.weight, warm_up = excluded.warm_up,
     domain_limits = excluded.domain_limits, config = excluded.config,
     updated_at = excluded.updated_at`,
);

const remove = statement(
  'provider-accounts.remove',
  'delete from provider_accounts where app_id = $1 and channel = $2 and name = $3',
);

const appsOf = statement(
  'provider-accounts.apps-of',
  'select distinct app_id as id from provider_accounts where channel = $1 and kind = $2 order by app_id',
);

/** The rows of provider_accounts: some for each app and channel. */
export class AccountStore {
  readonly #database: Queryable;

  /** A database, or an open transaction on it. */
  constructor(database: Queryable) {
    this.#database = database;
  }

  /** In ascending order. */
  async all(appId: string, channel: string): Promise<AccountRow[]> {
    return this.#database.rows<AccountRow>(all, [appId, channel]);
  }

  async lock(appId: string): Promise<void> {
    await this.#database.rows(lock, [appId]);
  }

  /** Of those apps that have one. */
  ofApps(appIds: readonly string[], channel: string): Promise<(AccountRow & { readonly appId: string })[]> {
    return this.#database.rows(ofApps, [appIds, channel]);
  }

  async put(appId: string, channel: string, row: AccountRow, now: number): Promise<void> {
    const { name, kind, order, weight, warmUp, domainLimits, config } = row;
    const [plan, limits] = [warmUp, domainLimits].map((one) => (one === null ? null : JSON.stringify(one)));
    const values = [appId, channel, name, kind, order, weight, plan, limits, config, new Date(now)];
    await this.#database.run(put, values);
  }

  /** Whether there was one. */
  async remove(appId: string, channel: string, name: string): Promise<boolean> {
    return (await this.#database.run(remove, [appId, channel, name])) > 0;
  }

  /** The apps that send through a kind of provider. */
  async appsOf(channel: string, kind: string): Promise<string[]> {
    return (await this.#database.rows<{ id: string }>(appsOf, [channel, kind])).map(({ id }) => id);
  }
}
