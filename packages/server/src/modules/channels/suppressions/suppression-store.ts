import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { Suppression } from './suppression.ts';

const add = statement(
  'suppressions.add',
  `insert into suppressions (app_id, address, reason, source, detail, created_at)
   select app, address, reason, source, detail, $2
   from jsonb_to_recordset($1) as s (app uuid, address text, reason text, source text, detail text)
   order by app, address
   on conflict do nothing`,
);

const find = statement(
  'suppressions.find',
  `select a.n, s.address, s.reason
   from jsonb_to_recordset($1) as a (n int, app uuid, address text)
   join suppressions s on s.app_id = a.app and s.address = a.address`,
);

const any = statement(
  'suppressions.any',
  'select exists (select from suppressions where app_id = $1) as any',
);

const page = statement(
  'suppressions.page',
  `select address, reason, source, detail, created_at as "createdAt"
   from suppressions where app_id = $1 and address > $2 order by address limit $3`,
);

const one = statement(
  'suppressions.one',
  `select address, reason, source, detail, created_at as "createdAt"
   from suppressions where app_id = $1 and address = $2`,
);

const remove = statement(
  'suppressions.remove',
  'delete from suppressions where app_id = $1 and address = any($2)',
);

const eraseOfApp = statement(
  'suppressions.erase-app',
  `delete from suppressions where (app_id, address) in (
     select app_id, address from suppressions where app_id = $1 limit $2)`,
);

export interface ListedSuppression extends Suppression {
  readonly createdAt: Date;
}

/** An address of an app. */
export interface AppAddress {
  readonly appId: string;
  /** In the form of `suppressedForm`. */
  readonly address: string;
}

/** How many are new: an address that is there already keeps its reason. */
export function addSuppressions(
  database: Queryable,
  suppressions: readonly (Suppression & AppAddress)[],
  now: number,
): Promise<number> {
  const rows = suppressions.map(({ appId: app, ...rest }) => ({ app, ...rest }));
  return database.run(add, [asJson(rows), new Date(now)]);
}

/** Which of the addresses are suppressed, and why: `n` is the place of one in `asked`. */
export function findSuppressions(
  database: Queryable,
  asked: readonly AppAddress[],
): Promise<{ readonly n: number; readonly address: string; readonly reason: Suppression['reason'] }[]> {
  return database.rows(find, [asJson(asked.map(({ appId: app, address }, n) => ({ n, app, address })))]);
}

/** The next of an app's addresses behind `after`, in their order. */
export function suppressionsAfter(
  database: Queryable,
  appId: string,
  after: string,
  limit: number,
): Promise<ListedSuppression[]> {
  return database.rows(page, [appId, after, limit]);
}

export async function findSuppression(
  database: Queryable,
  { appId, address }: AppAddress,
): Promise<ListedSuppression | null> {
  return (await database.rows<ListedSuppression>(one, [appId, address]))[0] ?? null;
}

/** Whether an app has any. */
export async function hasSuppressions(database: Queryable, appId: string): Promise<boolean> {
  return (await database.rows<{ any: boolean }>(any, [appId]))[0]?.any === true;
}

/** How many were there. */
export function removeSuppressions(
  database: Queryable,
  appId: string,
  addresses: readonly string[],
): Promise<number> {
  return database.run(remove, [appId, addresses]);
}

/** Up to `limit` addresses of an app; how many went. */
export function eraseSuppressions(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(eraseOfApp, [appId, limit]);
}
