import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { LastUse } from './key-use.ts';

export type AllowlistMode = 'disabled' | 'explicit';

export interface ApiKeyRow {
  readonly id: string;
  readonly organization_id: string;
  /** Null: the key opens every app of the organization. */
  readonly app_id: string | null;
  readonly name: string;
  readonly ip_allowlist_mode: AllowlistMode;
  readonly ip_allowlist: string[];
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_used_at: Date | null;
  readonly last_used_ip: string | null;
}

/** Whose key: an app's, or with `appId` null the organization's own. */
export interface KeyOwner {
  readonly organizationId: string;
  readonly appId: string | null;
}

const COLUMNS = `id, organization_id, app_id, name, ip_allowlist_mode, ip_allowlist, created_at, updated_at,
  last_used_at, last_used_ip`;

const OWNED = `organization_id = $1 and app_id is not distinct from $2::uuid`;

const insert = statement(
  'api-keys.insert',
  `insert into api_keys (id, organization_id, app_id, name, secret_hash, ip_allowlist_mode, ip_allowlist,
     created_at, updated_at)
   values ($3, $1, $2, $4, $5, $6, $7, $8, $8)`,
);

const bySecret = statement('api-keys.by-secret', `select ${COLUMNS} from api_keys where secret_hash = $1`);

const owned = statement(
  'api-keys.owned',
  `select ${COLUMNS} from api_keys where ${OWNED} order by created_at, id`,
);

const find = statement('api-keys.find', `select ${COLUMNS} from api_keys where ${OWNED} and id = $3`);

const update = statement(
  'api-keys.update',
  `update api_keys
   set name = coalesce($4, name), ip_allowlist_mode = coalesce($5, ip_allowlist_mode),
     ip_allowlist = coalesce($6::text[], ip_allowlist), updated_at = $7
   where ${OWNED} and id = $3
   returning ${COLUMNS}`,
);

const replaceSecret = statement(
  'api-keys.replace-secret',
  `update api_keys set secret_hash = $4, updated_at = $5 where ${OWNED} and id = $3`,
);

const remove = statement('api-keys.delete', `delete from api_keys where ${OWNED} and id = $3`);

// In the order of the ids: several processes write the same keys.
const writeUses = statement(
  'api-keys.write-uses',
  `with use as materialized (
     select * from jsonb_to_recordset($1::jsonb) as u (id uuid, at timestamptz, ip text)),
   locked as materialized (
     select id from api_keys where id in (select id from use) order by id for no key update)
   update api_keys k set last_used_at = u.at, last_used_ip = u.ip
   from use u join locked using (id)
   where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`,
);

export async function insertApiKey(
  queryable: Queryable,
  { organizationId, appId }: KeyOwner,
  key: {
    id: string;
    name: string;
    hash: Buffer;
    mode: AllowlistMode;
    ranges: readonly string[];
    now: number;
  },
): Promise<void> {
  const { id, name, hash, mode, ranges, now } = key;
  await queryable.run(insert, [organizationId, appId, id, name, hash, mode, ranges, new Date(now)]);
}

export async function findBySecret(queryable: Queryable, hash: Buffer): Promise<ApiKeyRow | null> {
  return (await queryable.rows<ApiKeyRow>(bySecret, [hash]))[0] ?? null;
}

/** Oldest first. */
export async function keysOf(queryable: Queryable, owner: KeyOwner): Promise<ApiKeyRow[]> {
  return queryable.rows<ApiKeyRow>(owned, [owner.organizationId, owner.appId]);
}

/** Null when the owner has no such key. */
export async function findKey(queryable: Queryable, owner: KeyOwner, id: string): Promise<ApiKeyRow | null> {
  const rows = await queryable.rows<ApiKeyRow>(find, [owner.organizationId, owner.appId, id]);
  return rows[0] ?? null;
}

/** Changes what is not undefined. Null when the owner has no such key. */
export async function updateKey(
  queryable: Queryable,
  owner: KeyOwner,
  change: {
    id: string;
    name: string | undefined;
    mode: AllowlistMode | undefined;
    ranges: readonly string[] | undefined;
    now: number;
  },
): Promise<ApiKeyRow | null> {
  const rows = await queryable.rows<ApiKeyRow>(update, [
    owner.organizationId,
    owner.appId,
    change.id,
    change.name ?? null,
    change.mode ?? null,
    change.ranges ?? null,
    new Date(change.now),
  ]);
  return rows[0] ?? null;
}

/** False when the owner has no such key. */
export async function replaceKeySecret(
  queryable: Queryable,
  owner: KeyOwner,
  { id, hash, now }: { id: string; hash: Buffer; now: number },
): Promise<boolean> {
  const values = [owner.organizationId, owner.appId, id, hash, new Date(now)];
  return (await queryable.run(replaceSecret, values)) > 0;
}

/** Keeps the later of what is known and what is told. Keys that are gone are passed over. */
export async function writeLastUses(queryable: Queryable, uses: ReadonlyMap<string, LastUse>): Promise<void> {
  const rows = [...uses].map(([id, { at, ip }]) => ({ id, at: new Date(at), ip }));
  await queryable.run(writeUses, [asJson(rows)]);
}

/** False when the owner has no such key. */
export async function deleteKey(queryable: Queryable, owner: KeyOwner, id: string): Promise<boolean> {
  return (await queryable.run(remove, [owner.organizationId, owner.appId, id])) > 0;
}
