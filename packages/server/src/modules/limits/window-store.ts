import type { RateLimit } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Grant, Metered } from './grant.ts';

/** One process asks for a part of one limit. */
export interface Ask extends Metered {
  readonly wanted: number;
  /** What holds where the app has no limit of its own. */
  readonly otherwise: RateLimit;
}

/**
 * Grants parts of limits. The row of a limit is locked while it is written, so its processes come one
 * after the other; they come in the order of the key, so that none waits for another in a circle. A
 * statement that began in one window and waited for a row that is in the next one reserves there.
 *
 * Windows are the database's: `now()`, and not the clock of the process that asks.
 */
const reserve = statement(
  'rate-windows.reserve',
  `with asked as materialized (
     select a.place, a.owner_id, a.class, a.address, a.wanted,
       case when l.app_id is null then a."limit" else l."limit" end as "limit",
       coalesce(l.window_seconds, a.window_seconds) as window_seconds
     from jsonb_to_recordset($1::jsonb) as a (place int, owner_id uuid, class text, address text, wanted int,
       "limit" int, window_seconds int)
     left join rate_limits l on l.app_id = a.owner_id and l.class = a.class
   ), reserved as (
     insert into rate_windows as w (owner_id, class, address, "limit", window_seconds, ends_at, used, granted)
     select owner_id, class, address, "limit", window_seconds,
       (floor(extract(epoch from now()) / window_seconds)::bigint + 1) * window_seconds,
       least(wanted, "limit"), least(wanted, "limit")
     from asked where "limit" is not null
     order by owner_id, class, address
     on conflict (owner_id, class, address) do update set
       "limit" = excluded."limit",
       window_seconds = excluded.window_seconds,
       ends_at = case when w.window_seconds = excluded.window_seconds
         then greatest(w.ends_at, excluded.ends_at) else excluded.ends_at end,
       used = case when w.window_seconds = excluded.window_seconds and w.ends_at >= excluded.ends_at
         then w.used + greatest(0, least(excluded.used, excluded."limit" - w.used)) else excluded.used end,
       granted = case when w.window_seconds = excluded.window_seconds and w.ends_at >= excluded.ends_at
         then greatest(0, least(excluded.used, excluded."limit" - w.used)) else excluded.used end
     returning *
   )
   select a.place, a."limit", a.window_seconds, coalesce(r.granted, 0) as granted, coalesce(r.used, 0) as used,
     coalesce(r.ends_at, 0) as "window",
     coalesce(floor((r.ends_at - extract(epoch from now())) * 1000), 1000)::int as ends_in_ms
   from asked a left join reserved r using (owner_id, class, address)`,
);

interface GrantRow {
  readonly place: number;
  readonly limit: number | null;
  readonly window_seconds: number;
  readonly granted: number;
  readonly used: number;
  readonly window: number;
  readonly ends_in_ms: number;
}

/** The answers in the order of the asks, which are all about different limits. */
export async function reserveParts(queryable: Queryable, asks: readonly Ask[]): Promise<Grant[]> {
  const rows = asks.map(({ ownerId, rate, address, wanted, otherwise }, place) => ({
    place,
    owner_id: ownerId,
    class: rate,
    address,
    wanted,
    ...otherwise,
  }));
  const grants: Grant[] = [];
  for (const row of await queryable.rows<GrantRow>(reserve, [asJson(rows)])) {
    const { place, limit, window_seconds: windowSeconds, granted, used, window, ends_in_ms: endsInMs } = row;
    grants[place] = { limit, windowSeconds, granted, used, window, endsInMs };
  }
  return grants;
}

/** Rows that a process is about to write again are passed over. */
const forget = statement(
  'rate-windows.forget',
  `delete from rate_windows where ctid = any (array(
     select ctid from rate_windows where ends_at < extract(epoch from now()) - $1 limit $2
     for update skip locked))`,
);

const KEPT_S = 60;
const ROWS_A_STATEMENT = 5_000;

/** Forgets windows that are over for a minute, and with them the addresses of clients. */
export async function forgetWindows(queryable: Queryable): Promise<void> {
  while ((await queryable.run(forget, [KEPT_S, ROWS_A_STATEMENT])) === ROWS_A_STATEMENT) {
    // Another round until a batch was not full.
  }
}
