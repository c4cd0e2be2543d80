import type { Queryable } from '@carillon/server';

const PAGE = 500;

const due = {
  name: 'bench.bare-due',
  text: `select id from bare_schedule where not done and due_at <= $1 order by due_at limit ${PAGE}`,
};
const finish = { name: 'bench.bare-finish', text: 'update bare_schedule set done = true where id = any($1)' };

/**
 * What a scheduler is at the least: a table with an index on what is to come, a SELECT of what is due and an
 * UPDATE of it, page by page, each a commit. `waiting` rows are not due. Rows a second.
 */
export async function bareSchedule(database: Queryable, waiting: number, count: number): Promise<number> {
  await database.run({
    name: '',
    text: `create table bare_schedule (id uuid primary key, due_at timestamptz not null, done bool not null)`,
  });
  const fill = `insert into bare_schedule select gen_random_uuid(), $1, false from generate_series(1, $2::int)`;
  await database.run({ name: '', text: fill }, [new Date(Date.now() + 86_400_000), waiting]);
  await database.run({ name: '', text: fill }, [new Date(Date.now() - 1_000), count]);
  await database.run({ name: '', text: 'create index on bare_schedule (due_at) where not done' });
  await database.run({ name: '', text: 'vacuum (analyze) bare_schedule' });
  const from = performance.now();
  let done = 0;
  for (;;) {
    const rows = await database.rows<{ id: string }>(due, [new Date()]);
    if (rows.length === 0) break;
    await database.run(finish, [rows.map(({ id }) => id)]);
    done += rows.length;
  }
  const rate = (done / (performance.now() - from)) * 1_000;
  await database.run({ name: '', text: 'drop table bare_schedule' });
  return rate;
}
