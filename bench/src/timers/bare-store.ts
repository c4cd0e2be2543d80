import { asJson, statement } from '@carillon/server';
import type { Queryable } from '@carillon/server';

interface Due {
  readonly lane: number;
  readonly id: string;
}

const due = statement(
  'bench.bare-due',
  `select lane, id from journey_runs where wake_at <= $1 and not parked order by wake_at limit $2`,
);

// The least that a timer leaves behind: its run waits for something else, and a line says so. No fence, no
// definition, no facts, no counts, no message.
const move = statement(
  'bench.bare-move',
  `with moved as (
     update journey_runs r set node = r.node + 1, rev = r.rev + 1, wake_at = $2
     from jsonb_to_recordset($1::jsonb) as x (lane int, id uuid)
     where r.lane = x.lane and r.id = x.id
     returning r.lane, r.id, r.rev, r.app_id, r.journey_id, r.user_id, r.node)
   insert into journey_trace (lane, run_id, rev, day, app_id, journey_id, user_id, node, step, at)
   select lane, id, rev, (now() at time zone 'UTC')::date, app_id, journey_id, user_id, node, 'waited', now() from moved`,
);

/** Transitions per second of a loop of bare statements on one connection, until nothing is due. */
export async function bareTimerRate(database: Queryable, batch: number): Promise<number> {
  const start = performance.now();
  const later = new Date(Date.now() + 365 * 86_400_000);
  let moved = 0;
  for (;;) {
    const rows = await database.rows<Due>(due, [new Date(), batch]);
    if (rows.length === 0) return (moved / (performance.now() - start)) * 1_000;
    moved += await database.run(move, [asJson(rows), later]);
  }
}
