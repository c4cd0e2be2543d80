import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

/** Of the processes that work streams, to their own database. */
const cut = statement(
  'chaos.cut-streams',
  `select pg_terminate_backend(pid) from pg_stat_activity
   where datname = current_database() and application_name = 'carillon streams'`,
);

/** Of streams that write a table, in the database that it is in. */
const cutTable = statement(
  'chaos.cut-tables',
  `select pg_terminate_backend(pid) from pg_stat_activity
   where datname = current_database() and application_name = 'carillon event stream'`,
);

const rows = statement('chaos.table-rows', 'select event_id from carillon_events');

const tries = statement(
  'chaos.tries-between',
  `select count(*)::int as tries from event_stream_attempts where outcome = 'failed' and at > $1 and at <= $2`,
);

export async function cutConnections(database: Database, warehouse: Database): Promise<void> {
  await database.run(cut);
  await warehouse.run(cutTable);
}

/** The event ids of the table that a stream writes. */
export async function readTable(warehouse: Database): Promise<string[]> {
  const found = await warehouse.rows<{ event_id: string }>(rows);
  return found.map(({ event_id: id }) => id);
}

/** Requests in vain between two moments of the clock, in milliseconds since the epoch. */
export async function countTries(database: Database, from: number, to: number): Promise<number> {
  return (await database.rows<{ tries: number }>(tries, [new Date(from), new Date(to)]))[0]?.tries ?? 0;
}
