import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

export interface DeletedAppRow {
  readonly app_id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly deleted_at: Date;
  /** The eraser at work; null before the first piece and after the last one. */
  readonly part: string | null;
  readonly piece_cursor: string | null;
  readonly rows_erased: number;
  readonly erased_at: Date | null;
}

const COLUMNS = 'app_id, organization_id, name, deleted_at, part, piece_cursor, rows_erased, erased_at';

const insert = statement(
  'deleted-apps.insert',
  `insert into deleted_apps (app_id, organization_id, name, deleted_at) values ($1, $2, $3, $4)
   returning ${COLUMNS}`,
);

const find = statement(
  'deleted-apps.find',
  `select ${COLUMNS} from deleted_apps where organization_id = $1 and app_id = $2`,
);

// One that another worker holds is being worked on.
const holdDue = statement(
  'deleted-apps.hold-due',
  `select ${COLUMNS} from deleted_apps
   where swept_at is null and ((erased_at is null and deleted_at <= $1) or erased_at <= $2)
   order by deleted_at limit 1 for update skip locked`,
);

const advance = statement(
  'deleted-apps.advance',
  `update deleted_apps set part = $2, piece_cursor = $3, rows_erased = rows_erased + $4 where app_id = $1`,
);

const finish = statement(
  'deleted-apps.finish',
  `update deleted_apps set
     swept_at = case when erased_at is null then null else $2::timestamptz end,
     erased_at = coalesce(erased_at, $2)
   where app_id = $1`,
);

const nextDue = statement(
  'deleted-apps.next-due',
  `select min(case when erased_at is null then deleted_at + $1 * interval '1 millisecond'
     else erased_at + $2 * interval '1 millisecond' end) as at
   from deleted_apps where swept_at is null`,
);

export async function insertDeletedApp(
  transaction: Queryable,
  app: { id: string; organizationId: string; name: string; now: number },
): Promise<DeletedAppRow> {
  const values = [app.id, app.organizationId, app.name, new Date(app.now)];
  return (await transaction.rows<DeletedAppRow>(insert, values))[0]!;
}

export async function findDeletedApp(
  queryable: Queryable,
  organizationId: string,
  appId: string,
): Promise<DeletedAppRow | null> {
  return (await queryable.rows<DeletedAppRow>(find, [organizationId, appId]))[0] ?? null;
}

/** How long after its deletion an app is erased, and how long after that it is swept, in milliseconds. */
export interface ErasureDelays {
  readonly eraseMs: number;
  readonly sweepMs: number;
}

/** Within a transaction: an app that is due to be erased or swept, for this worker alone; the oldest first. */
export async function holdDueApp(
  transaction: Queryable,
  { eraseMs, sweepMs }: ErasureDelays,
  now: number,
): Promise<DeletedAppRow | null> {
  const values = [new Date(now - eraseMs), new Date(now - sweepMs)];
  return (await transaction.rows<DeletedAppRow>(holdDue, values))[0] ?? null;
}

/** When the next app is due, or was, in milliseconds; null when none is left. */
export async function nextErasureAt(
  queryable: Queryable,
  { eraseMs, sweepMs }: ErasureDelays,
): Promise<number | null> {
  const [row] = await queryable.rows<{ at: Date | null }>(nextDue, [eraseMs, sweepMs]);
  return row?.at?.getTime() ?? null;
}

/** Where the next piece begins, and how many rows went with the last one; no part after the last piece. */
export async function advanceErasure(
  transaction: Queryable,
  appId: string,
  { part, cursor, rows }: { part: string | null; cursor: string | null; rows: number },
): Promise<void> {
  await transaction.run(advance, [appId, part, cursor, rows]);
}

/** The last piece is done: of the erasure, or of the sweep when it was erased before. */
export async function finishErasure(transaction: Queryable, appId: string, now: number): Promise<void> {
  await transaction.run(finish, [appId, new Date(now)]);
}
