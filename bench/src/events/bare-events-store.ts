import { asJson, statement } from '@carillon/server';
import type { Database } from '@carillon/server';

// The least that storing events can cost: rows put down in batches. No keys, nothing for journeys, nobody looked up.
const insert = statement(
  'bench.bare-events',
  `insert into custom_events (lane, received_at, id, app_id, user_id, name, properties, at)
   select lane, $2, id, app_id, user_id, name, properties, at
   from jsonb_to_recordset($1::jsonb) as x (lane int, id uuid, app_id uuid, user_id uuid, name text, properties jsonb,
     at timestamptz)`,
);

const clear = statement('bench.clear-events', `truncate custom_events, custom_event_keys, lane_inbox`);

/** Events per second of batches that `batchOf` makes, `clients` at a time. */
export async function bareEventRate(
  database: Database,
  batches: number,
  clients: number,
  batchOf: (number: number) => readonly object[],
): Promise<number> {
  let next = 0;
  let stored = 0;
  const start = performance.now();
  const client = async () => {
    while (next < batches) {
      const rows = batchOf(next++);
      await database.run(insert, [asJson(rows), new Date()]);
      stored += rows.length;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return (stored / (performance.now() - start)) * 1_000;
}

/** All events and what waits for lanes, gone. */
export async function clearEvents(database: Database): Promise<void> {
  await database.run(clear);
}
