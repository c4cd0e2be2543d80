import { asJson, statement } from '@carillon/server';
import type { Queryable } from '@carillon/server';

// The least that any inbox has to do, for comparison: put rows down in batches, take them away in
// batches. No fence, no matching, no effect.
const insert = statement(
  'bench.bare-insert',
  `insert into lane_inbox (lane, app_id, user_id, kind, payload, at)
   select lane, app_id, user_id, 'bare', payload, at
   from jsonb_to_recordset($1::jsonb) as x (lane int, app_id uuid, user_id uuid, payload jsonb, at timestamptz)`,
);

const remove = statement(
  'bench.bare-delete',
  `delete from lane_inbox where id = any(array(select id from lane_inbox where kind = 'bare' order by id limit $1))`,
);

/** Rows per second of batched inserts on two connections. */
export async function bareInsertRate(database: Queryable, rows: number, batch: number): Promise<number> {
  const one = Array.from({ length: batch }, (_, n) => ({
    lane: n % 256,
    app_id: '00000000-0000-4000-8000-000000000001',
    user_id: '00000000-0000-4000-8000-000000000002',
    payload: { id: '00000000-0000-4000-8000-000000000003', name: 'event-1', properties: { total: n } },
    at: '2026-01-01T00:00:00Z',
  }));
  return ratePerSecond(rows, () =>
    twoAtOnce(async () => {
      for (let done = 0; done < rows / 2; done += batch) await database.run(insert, [asJson(one)]);
    }),
  );
}

/** Rows per second of batched deletes on one connection. */
export function bareDeleteRate(database: Queryable, rows: number, batch: number): Promise<number> {
  return ratePerSecond(rows, async () => {
    while ((await database.run(remove, [batch])) > 0);
  });
}

async function ratePerSecond(count: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (count / (performance.now() - start)) * 1_000;
}

async function twoAtOnce(work: () => Promise<void>): Promise<void> {
  await Promise.all([work(), work()]);
}
