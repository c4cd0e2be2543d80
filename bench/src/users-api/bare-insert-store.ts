import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

const table = statement(
  '',
  `create table if not exists bench_people (
     id uuid primary key default gen_random_uuid(), external_id text not null, tags jsonb not null,
     created_at timestamptz not null default now())`,
);

const insert = statement('bench.bare-insert', `insert into bench_people (external_id, tags) values ($1, $2)`);

const TAGS = { first_name: 'Person', plan: 'free', city: 'Utrecht', orders: '7', last: 'tea' };

/** Rows a second that `clients` loops of one-row INSERTs into one table reach, without HTTP. */
export async function bareInserts(database: Database, clients: number, seconds: number): Promise<number> {
  await database.run(table);
  const start = performance.now();
  const end = start + seconds * 1_000;
  let rows = 0;
  const loop = async () => {
    while (performance.now() < end) {
      rows += 1;
      await database.run(insert, [`user-${rows}`, TAGS]);
    }
  };
  await Promise.all(Array.from({ length: clients }, loop));
  return (rows / (performance.now() - start)) * 1_000;
}
