import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { AppSettings } from './app-settings.ts';

export interface AppRow {
  readonly id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly settings: AppSettings;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const COLUMNS = 'id, organization_id, name, settings, created_at, updated_at';

const insert = statement(
  'apps.insert',
  `insert into apps (id, organization_id, name, settings, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $5)
   returning ${COLUMNS}`,
);

const byId = statement('apps.by-id', `select ${COLUMNS} from apps where id = $1`);

const ofOrganization = statement(
  'apps.of-organization',
  `select ${COLUMNS} from apps where organization_id = $1 order by created_at, id limit $2`,
);

const ownerOf = statement('apps.owner', `select organization_id from apps where id = $1`);

const names = statement(
  'apps.names',
  `select a.name, o.id as "organizationId", o.name as "organizationName"
   from apps a join organizations o on o.id = a.organization_id where a.id = $1`,
);

const update = statement(
  'apps.update',
  `update apps
   set name = coalesce($2, name), settings = jsonb_strip_nulls(settings || $3::jsonb), updated_at = $4
   where id = $1
   returning ${COLUMNS}`,
);

const remove = statement('apps.delete', `delete from apps where id = $1`);

export async function insertApp(
  queryable: Queryable,
  app: { id: string; organizationId: string; name: string; settings: AppSettings; now: number },
): Promise<AppRow> {
  const { id, organizationId, name, settings, now } = app;
  const rows = await queryable.rows<AppRow>(insert, [
    id,
    organizationId,
    name,
    JSON.stringify(settings),
    new Date(now),
  ]);
  return rows[0]!;
}

export async function findApp(queryable: Queryable, id: string): Promise<AppRow | null> {
  return (await queryable.rows<AppRow>(byId, [id]))[0] ?? null;
}

/** The oldest `limit` apps of an organization. */
export async function appsOf(queryable: Queryable, organizationId: string, limit: number): Promise<AppRow[]> {
  return queryable.rows<AppRow>(ofOrganization, [organizationId, limit]);
}

/** The organization an app belongs to. */
export async function findOwner(queryable: Queryable, appId: string): Promise<string | null> {
  return (await queryable.rows<{ organization_id: string }>(ownerOf, [appId]))[0]?.organization_id ?? null;
}

/** What templates can say of an app. */
export interface AppNames {
  readonly name: string;
  readonly org: { readonly id: string; readonly name: string };
}

export async function findAppNames(queryable: Queryable, id: string): Promise<AppNames | null> {
  type Row = { name: string; organizationId: string; organizationName: string };
  const [row] = await queryable.rows<Row>(names, [id]);
  return row === undefined
    ? null
    : { name: row.name, org: { id: row.organizationId, name: row.organizationName } };
}

/** Changes what is named; a setting of null is removed. */
export async function updateApp(
  queryable: Queryable,
  app: { id: string; name: string | undefined; settings: AppSettings; now: number },
): Promise<AppRow | null> {
  const values = [app.id, app.name ?? null, JSON.stringify(app.settings), new Date(app.now)];
  return (await queryable.rows<AppRow>(update, values))[0] ?? null;
}

/** With its keys and provider accounts. What else belongs to it is erased by those who keep it. */
export async function deleteApp(transaction: Queryable, id: string): Promise<void> {
  await transaction.run(remove, [id]);
}
