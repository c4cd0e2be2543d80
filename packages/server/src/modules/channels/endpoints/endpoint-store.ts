import type { EndpointKindName } from '@carillon/wire';
import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A row of endpoints. */
export interface EndpointRow {
  readonly name: string;
  readonly kind: EndpointKindName;
  /** The sealed settings. */
  readonly config: Buffer;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const COLUMNS = 'name, kind, config, created_at as "createdAt", updated_at as "updatedAt"';

const all = statement('endpoints.all', `select ${COLUMNS} from endpoints where app_id = $1 order by name`);

const one = statement('endpoints.one', `select ${COLUMNS} from endpoints where app_id = $1 and name = $2`);

/** No other write of the app's endpoints comes between what is read and what is written. */
const lock = statement('endpoints.lock', 'select from apps where id = $1 for update');

const kindForPost = statement(
  'endpoints.kind-for-post',
  'select kind from endpoints where app_id = $1 and name = $2 for share',
);

const put = statement(
  'endpoints.put',
  `insert into endpoints (app_id, name, kind, config, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $5)
   on conflict (app_id, name) do update
   set kind = excluded.kind, config = excluded.config, updated_at = excluded.updated_at
   returning ${COLUMNS}`,
);

const remove = statement('endpoints.remove', 'delete from endpoints where app_id = $1 and name = $2');

/** In the order of their names. */
export function endpointsOf(database: Queryable, appId: string): Promise<EndpointRow[]> {
  return database.rows<EndpointRow>(all, [appId]);
}

export async function findEndpoint(
  database: Queryable,
  appId: string,
  name: string,
): Promise<EndpointRow | null> {
  return (await database.rows<EndpointRow>(one, [appId, name]))[0] ?? null;
}

export async function lockEndpoints(transaction: Queryable, appId: string): Promise<void> {
  await transaction.rows(lock, [appId]);
}

/** Null when there is none. It cannot be deleted before the transaction ends. */
export async function lockKind(
  transaction: Queryable,
  appId: string,
  name: string,
): Promise<EndpointKindName | null> {
  const [row] = await transaction.rows<{ kind: EndpointKindName }>(kindForPost, [appId, name]);
  return row?.kind ?? null;
}

export async function putEndpoint(
  transaction: Queryable,
  appId: string,
  { name, kind, config }: Pick<EndpointRow, 'name' | 'kind' | 'config'>,
  now: number,
): Promise<EndpointRow> {
  const [row] = await transaction.rows<EndpointRow>(put, [appId, name, kind, config, new Date(now)]);
  if (row === undefined) throw new Error('an upsert returned no row');
  return row;
}

/** Whether there was one. */
export async function removeEndpoint(transaction: Queryable, appId: string, name: string): Promise<boolean> {
  return (await transaction.run(remove, [appId, name])) > 0;
}
