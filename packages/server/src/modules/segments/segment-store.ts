import type { FilterEntry } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Expression } from '../audience/index.ts';
import type { Segment } from './segment.ts';

const COLUMNS = `id, name, description, filters, conditions, 'custom' as source, paused_at is null as "isActive",
  created_at as "createdAt", updated_at as "updatedAt"`;

// Nothing where the id or the name is taken, or the app has so many that are active.
const insert = statement(
  'segments.insert',
  `insert into segments (app_id, id, name, description, filters, conditions, created_at, updated_at)
   select $1, $2, $3, $4, $5, $6, $7, $7
   where (select count(*) from segments where app_id = $1 and deleted_at is null and paused_at is null) < $8
   on conflict do nothing`,
);

const find = statement(
  'segments.find',
  `select ${COLUMNS} from segments where app_id = $1 and id = $2 and deleted_at is null`,
);

const page = statement(
  'segments.page',
  `select ${COLUMNS} from segments where app_id = $1 and deleted_at is null
   order by created_at, id limit $2 offset $3`,
);

const count = statement(
  'segments.count',
  `select count(*) as count, count(*) filter (where paused_at is null) as active
   from segments where app_id = $1 and deleted_at is null`,
);

const taken = statement(
  'segments.taken',
  `select exists (select from segments where app_id = $1 and id = $2) as id,
     exists (select from segments where app_id = $1 and name = $3 and deleted_at is null) as name`,
);

const lock = statement(
  'segments.lock',
  `select ${COLUMNS} from segments where app_id = $1 and id = $2 and deleted_at is null for update`,
);

const update = statement(
  'segments.update',
  `update segments set name = $3, description = $4, filters = $5, conditions = $6, updated_at = $7
   where app_id = $1 and id = $2`,
);

const pause = statement(
  'segments.pause',
  `update segments set paused_at = $3, updated_at = $4 where app_id = $1 and id = $2`,
);

const remove = statement(
  'segments.remove',
  `update segments set deleted_at = $3 where app_id = $1 and id = $2`,
);

const named = statement(
  'segments.named',
  `select name, id, paused_at is null as "isActive" from segments
   where app_id = $1 and name = any($2) and deleted_at is null`,
);

const conditions = statement(
  'segments.conditions',
  `select id, conditions from segments where app_id = $1 and id = any($2)`,
);

export type SegmentFields = Pick<Segment, 'id' | 'name' | 'description' | 'filters' | 'conditions'>;

/** False where the id or the name is taken, or `most` are active. */
export async function insertSegment(
  database: Queryable,
  appId: string,
  { id, name, description, filters, conditions: meant }: SegmentFields,
  most: number,
  now: number,
): Promise<boolean> {
  const values = [appId, id, name, description, JSON.stringify(filters), JSON.stringify(meant)];
  return (await database.run(insert, [...values, new Date(now), most])) > 0;
}

export async function findSegment(
  database: Queryable,
  appId: string,
  id: string,
): Promise<Segment | undefined> {
  return (await database.rows<Segment>(find, [appId, id]))[0];
}

/** As `findSegment`; nobody else changes it until the transaction ends. */
export async function lockSegment(
  transaction: Queryable,
  appId: string,
  id: string,
): Promise<Segment | undefined> {
  return (await transaction.rows<Segment>(lock, [appId, id]))[0];
}

/** The oldest first. */
export function readSegments(
  database: Queryable,
  appId: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<Segment[]> {
  return database.rows(page, [appId, limit, offset]);
}

export async function countSegments(
  database: Queryable,
  appId: string,
): Promise<{ readonly count: number; readonly active: number }> {
  const [row] = await database.rows<{ count: number; active: number }>(count, [appId]);
  return row ?? { count: 0, active: 0 };
}

/** Whether an id was ever, and a name is, used in the app. */
export async function findTaken(
  database: Queryable,
  appId: string,
  { id, name }: Pick<Segment, 'id' | 'name'>,
): Promise<{ readonly id: boolean; readonly name: boolean }> {
  const [row] = await database.rows<{ id: boolean; name: boolean }>(taken, [appId, id, name]);
  return row ?? { id: false, name: false };
}

/** Fails with a unique violation where the name is taken. */
export async function updateSegment(
  transaction: Queryable,
  appId: string,
  { id, name, description, filters, conditions: meant }: SegmentFields,
  now: number,
): Promise<void> {
  const values = [appId, id, name, description, JSON.stringify(filters), JSON.stringify(meant)];
  await transaction.run(update, [...values, new Date(now)]);
}

export async function setPaused(
  transaction: Queryable,
  appId: string,
  id: string,
  isPaused: boolean,
  now: number,
): Promise<void> {
  await transaction.run(pause, [appId, id, isPaused ? new Date(now) : null, new Date(now)]);
}

/** Keeps the row for messages that wait. */
export async function removeSegment(
  transaction: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<void> {
  await transaction.run(remove, [appId, id, new Date(now)]);
}

export async function findNamed(
  database: Queryable,
  appId: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly isActive: boolean }>> {
  const rows = await database.rows<{ name: string; id: string; isActive: boolean }>(named, [appId, names]);
  return new Map(rows.map(({ name, ...segment }) => [name, segment]));
}

/** Of deleted ones too. */
export async function findConditions(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Expression>> {
  const rows = await database.rows<{ id: string; conditions: Expression }>(conditions, [appId, ids]);
  return new Map(rows.map((row) => [row.id, row.conditions]));
}

/** What is kept of filters that name addresses. */
export interface KeptFilters {
  readonly id: string;
  readonly filters: readonly FilterEntry[];
  readonly conditions: Expression;
}

const withEmails = statement(
  'segments.with-emails',
  `select id, filters, conditions from segments
   where app_id = $1 and filters @> '[{"field": "email"}]' order by id`,
);

const replaceFilters = statement(
  'segments.replace-filters',
  `update segments set filters = $3, conditions = $4 where app_id = $1 and id = $2`,
);

/** Segments of an app, deleted ones too, that ask for an address of an email. */
export function findWithEmails(database: Queryable, appId: string): Promise<KeptFilters[]> {
  return database.rows(withEmails, [appId]);
}

export async function storeFilters(
  database: Queryable,
  appId: string,
  { id, filters, conditions: meant }: KeptFilters,
): Promise<void> {
  await database.run(replaceFilters, [appId, id, JSON.stringify(filters), JSON.stringify(meant)]);
}
