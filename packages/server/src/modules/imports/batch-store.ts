import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { UserBefore } from '../identity/index.ts';
import type { ImportRecord } from './import-record.ts';

type Of = Pick<ImportRecord, 'appId' | 'id'>;

/** What a batch has done, as far as it can be undone. */
export interface DoneBatch {
  readonly batch: number;
  /** Milliseconds. */
  readonly writtenAt: number;
  readonly created: readonly string[];
  readonly before: readonly UserBefore[];
}

const add = statement(
  'import-batches.add',
  `insert into import_batches (app_id, import_id, batch, written_at, created, before)
   values ($1, $2, $3, $4, $5, $6)`,
);

const last = statement(
  'import-batches.last',
  `select batch, written_at as "at", created[1:$3] as created,
     coalesce((select jsonb_agg(x) from (select x from jsonb_array_elements(before) x limit $3) x), '[]') as before
   from import_batches where import_id = $2 and app_id = $1 order by batch desc limit 1`,
);

// The rest of a batch waits for the next transaction.
const take = statement(
  'import-batches.take',
  `with rest as (
     update import_batches set created = created[$4 + 1:],
       before = coalesce((select jsonb_agg(x) from (select x from jsonb_array_elements(before) x offset $4) x), '[]')
     where import_id = $2 and batch = $3 and app_id = $1
       and (cardinality(created) > $4 or jsonb_array_length(before) > $4)
     returning 1)
   delete from import_batches
   where import_id = $2 and batch = $3 and app_id = $1 and not exists (select from rest)`,
);

const drop = statement(
  'import-batches.drop',
  'delete from import_batches where import_id = $2 and app_id = $1',
);

export async function addBatch(transaction: Queryable, { appId, id }: Of, done: DoneBatch): Promise<void> {
  const { batch, writtenAt, created, before } = done;
  // As the database spells an array: the driver would look through each id for what it has to escape.
  const ids = `{${created.join(',')}}`;
  await transaction.run(add, [appId, id, batch, new Date(writtenAt), ids, JSON.stringify(before)]);
}

/** The last one, with at most so many of those that it created, and as many of those that it changed. */
export async function lastBatch(
  transaction: Queryable,
  { appId, id }: Of,
  most: number,
): Promise<DoneBatch | null> {
  const [row] = await transaction.rows<Omit<DoneBatch, 'writtenAt'> & { at: Date }>(last, [appId, id, most]);
  return row === undefined ? null : { ...row, writtenAt: row.at.getTime() };
}

/** What `lastBatch` has told is undone. */
export async function takeBatch(
  transaction: Queryable,
  { appId, id }: Of,
  batch: number,
  most: number,
): Promise<void> {
  await transaction.run(take, [appId, id, batch, most]);
}

export async function dropBatches(database: Queryable, { appId, id }: Of): Promise<void> {
  await database.run(drop, [appId, id]);
}
