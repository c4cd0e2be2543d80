import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import { laneOf } from '../../platform/ids.ts';
import type { DeletedPerson, Person } from '../identity/index.ts';
import type { ErasureRow } from './erasure.ts';

const COLUMNS = `id, kind, state, source, actor, requested_at as "requestedAt", done_at as "doneAt", erased`;

const one = statement(
  'erasures.one',
  `select ${COLUMNS} from erasures where lane = $2 and id = $3 and app_id = $1`,
);

const page = statement(
  '',
  `select ${COLUMNS} from erasures
   where app_id = $1 and (requested_at, id) < ($2::timestamptz, $3::uuid)
     and ($4::bytea[] is null or alias_hash = any($4))
   order by requested_at desc, id desc limit $5`,
);

// In two steps, as chunks are claimed: what could be had, then exactly that, if it still can.
const due = statement(
  'erasures.due',
  `select lane, id from erasures
   where state <> 'done' and due_at <= $1 and lease_until < now() order by due_at limit $2`,
);

const KEYS = `(select * from jsonb_to_recordset($1) as k (lane int, id uuid, passes int) order by lane, id) k`;

const claim = statement(
  'erasures.claim',
  `update erasures e set lease_until = now() + $2 * interval '1 millisecond' from ${KEYS}
   where e.lane = k.lane and e.id = k.id and e.state <> 'done' and e.due_at <= $3 and e.lease_until < now()
   returning e.lane, e.id, e.passes, e.person, e.requested_at as "deletedAt", e.source = 'import' as "byUndo"`,
);

const renew = statement(
  'erasures.renew',
  `update erasures e set lease_until = now() + $2 * interval '1 millisecond' from ${KEYS}
   where e.lane = k.lane and e.id = k.id and e.passes = k.passes and e.state <> 'done'`,
);

const add = statement(
  'erasures.add',
  `update erasures e set
     erased = e.erased || jsonb_build_object($2::text, coalesce((e.erased ->> $2)::bigint, 0) + k.rows)
   from (select * from jsonb_to_recordset($1) as k (lane int, id uuid, passes int, rows int) order by lane, id) k
   where e.lane = k.lane and e.id = k.id and e.passes = k.passes`,
);

const finish = statement(
  'erasures.finish-pass',
  `update erasures e set passes = e.passes + 1, lease_until = '-infinity', state = k.state,
     due_at = coalesce(k.due_at, e.due_at), done_at = case when k.state = 'done' then $2::timestamptz end,
     person = case when k.state <> 'done' then e.person end
   from (
     select * from jsonb_to_recordset($1) as k (lane int, id uuid, passes int, state text, due_at timestamptz)
     order by lane, id) k
   where e.lane = k.lane and e.id = k.id and e.passes = k.passes`,
);

const postpone = statement(
  'erasures.postpone',
  `update erasures set lease_until = '-infinity', due_at = $4 where lane = $1 and id = $2 and passes = $3`,
);

export async function findErasure(
  database: Queryable,
  appId: string,
  id: string,
): Promise<ErasureRow | undefined> {
  return (await database.rows<ErasureRow>(one, [appId, laneOf(id), id]))[0];
}

/** Newest first, behind a place. `aliasHashes`: only those of this alias, under any of the keys. */
export function findErasures(
  database: Queryable,
  appId: string,
  behind: { readonly at: number; readonly id: string },
  aliasHashes: readonly Buffer[] | null,
  limit: number,
): Promise<ErasureRow[]> {
  return database.rows(page, [appId, new Date(behind.at), behind.id, aliasHashes, limit]);
}

/** An erasure that this process is working on. */
export interface ClaimedErasure {
  readonly lane: number;
  readonly id: string;
  readonly person: DeletedPerson;
  /** How often everything has been gone through. */
  readonly passes: number;
}

interface ClaimedRow extends Omit<ClaimedErasure, 'person'>, Pick<DeletedPerson, 'deletedAt' | 'byUndo'> {
  readonly person: Person;
}

/** Claims erasures that are due, the longest due first. */
export async function claimErasures(
  database: Queryable,
  { now, leaseMs, limit }: { readonly now: number; readonly leaseMs: number; readonly limit: number },
): Promise<ClaimedErasure[]> {
  const at = new Date(now);
  const keys = await database.rows<object>(due, [at, limit]);
  if (keys.length === 0) return [];
  const rows = await retryTransient(() => database.rows<ClaimedRow>(claim, [asJson(keys), leaseMs, at]));
  return rows.map(({ lane, id, passes, person, deletedAt, byUndo }) => ({
    lane,
    id,
    passes,
    person: { ...person, deletedAt, byUndo },
  }));
}

export async function renewErasures(
  database: Queryable,
  claimed: readonly ClaimedErasure[],
  leaseMs: number,
): Promise<void> {
  await database.run(renew, [asJson(claimed.map(keyOf)), leaseMs]);
}

/** Adds to what is told of erasures, by the name of a part. */
export async function addErased(
  database: Queryable,
  name: string,
  counts: readonly { readonly erasure: ClaimedErasure; readonly rows: number }[],
): Promise<void> {
  const rows = counts.map(({ erasure, rows: erased }) => ({ ...keyOf(erasure), rows: erased }));
  await retryTransient(() => database.run(add, [asJson(rows), name]));
}

export interface FinishedPass {
  readonly erasure: ClaimedErasure;
  readonly state: 'settling' | 'done';
  /** Null when it is done. */
  readonly dueAt: number | null;
}

/** Ends a pass. What is done forgets whom it was about. */
export async function finishPasses(
  database: Queryable,
  passes: readonly FinishedPass[],
  now: number,
): Promise<void> {
  const rows = passes.map(({ erasure, state, dueAt }) => ({
    ...keyOf(erasure),
    state,
    due_at: dueAt === null ? null : new Date(dueAt),
  }));
  await retryTransient(() => database.run(finish, [asJson(rows), new Date(now)]));
}

/** Gives one back that could not be worked, to be tried again at `dueAt`. */
export async function postponeErasure(
  database: Queryable,
  { lane, id, passes }: ClaimedErasure,
  dueAt: number,
): Promise<void> {
  await database.run(postpone, [lane, id, passes, new Date(dueAt)]);
}

function keyOf({ lane, id, passes }: ClaimedErasure) {
  return { lane, id, passes };
}
