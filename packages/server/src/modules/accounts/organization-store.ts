import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const insert = statement(
  'organizations.insert',
  `insert into organizations (id, name, created_at, updated_at) values ($1, $2, $3, $3)`,
);

const exists = statement('organizations.exists', `select 1 as one from organizations where id = $1`);

const byId = statement(
  'organizations.by-id',
  `select id, name, created_at, updated_at from organizations where id = $1`,
);

const rename = statement(
  'organizations.rename',
  `update organizations set name = $2, updated_at = $3 where id = $1
   returning id, name, created_at, updated_at`,
);

const any = statement('organizations.any', `select 1 as one from organizations limit 1`);

/** One number for the whole database: whoever makes the first organization holds it. */
const lockFirst = statement('organizations.lock-first', `select pg_advisory_xact_lock(4177264351)`);

const lock = statement('organizations.lock', `select 1 as one from organizations where id = $1 for update`);

export interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export async function insertOrganization(
  queryable: Queryable,
  organization: { id: string; name: string; now: number },
): Promise<void> {
  await queryable.run(insert, [organization.id, organization.name, new Date(organization.now)]);
}

export async function organizationExists(queryable: Queryable, id: string): Promise<boolean> {
  return (await queryable.rows(exists, [id])).length > 0;
}

export async function findOrganization(queryable: Queryable, id: string): Promise<OrganizationRow | null> {
  return (await queryable.rows<OrganizationRow>(byId, [id]))[0] ?? null;
}

export async function renameOrganization(
  queryable: Queryable,
  { id, name, now }: { id: string; name: string; now: number },
): Promise<OrganizationRow | null> {
  return (await queryable.rows<OrganizationRow>(rename, [id, name, new Date(now)]))[0] ?? null;
}

/** Within a transaction: false when there is an organization already; others wait for the answer. */
export async function isEmpty(transaction: Queryable): Promise<boolean> {
  await transaction.run(lockFirst);
  return (await transaction.rows(any)).length === 0;
}

/**
 * Within a transaction: holds back others who change this organization, its apps or their keys. Before
 * any other lock of the transaction, so that two of them never wait for each other.
 */
export async function lockOrganization(transaction: Queryable, id: string): Promise<boolean> {
  return (await transaction.rows(lock, [id])).length > 0;
}
