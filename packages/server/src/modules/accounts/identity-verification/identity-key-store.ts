import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { PublicJwk } from './public-key.ts';

export interface IdentityKeyRow {
  readonly id: string;
  readonly name: string;
  readonly kid: string;
  readonly public_key: PublicJwk;
  readonly created_at: Date;
}

const insert = statement(
  'identity-keys.insert',
  `insert into identity_keys (app_id, id, name, kid, public_key, created_at) values ($1, $2, $3, $4, $5, $6)`,
);

const ofApp = statement(
  'identity-keys.of-app',
  `select id, name, kid, public_key, created_at from identity_keys
   where app_id = $1 order by created_at, id`,
);

const count = statement(
  'identity-keys.count',
  `select count(*) as count from identity_keys where app_id = $1`,
);

const remove = statement('identity-keys.delete', `delete from identity_keys where app_id = $1 and id = $2`);

export async function insertIdentityKey(
  queryable: Queryable,
  appId: string,
  { id, name, kid, public_key, created_at }: IdentityKeyRow,
): Promise<void> {
  await queryable.run(insert, [appId, id, name, kid, JSON.stringify(public_key), created_at]);
}

/** Oldest first. */
export async function identityKeysOf(queryable: Queryable, appId: string): Promise<IdentityKeyRow[]> {
  return queryable.rows<IdentityKeyRow>(ofApp, [appId]);
}

export async function countIdentityKeys(queryable: Queryable, appId: string): Promise<number> {
  return (await queryable.rows<{ count: number }>(count, [appId]))[0]?.count ?? 0;
}

/** False when the app has no such key. */
export async function deleteIdentityKey(queryable: Queryable, appId: string, id: string): Promise<boolean> {
  return (await queryable.run(remove, [appId, id])) > 0;
}
