import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConnector, email, postgres, runSync, sql, tag } from '@carillon/connector';
import type { Connector, Target } from '@carillon/connector';
import type { Bench } from '../benchmark.ts';

interface Customer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly plan: string;
  readonly city: string;
  readonly orders: number;
  readonly spent: string;
}

/** A table of customers of whom seven things are told, in a database of the benchmark. */
export async function makeCustomers(
  database: { run(statement: { name: string; text: string }, values: unknown[]): Promise<unknown> },
  count: number,
): Promise<void> {
  await database.run(
    {
      name: '',
      text: `create table customers (id int primary key, name text, email text, plan text, city text, orders int,
             spent numeric, language text, updated_at timestamptz not null default now())`,
    },
    [],
  );
  await database.run(
    {
      name: '',
      text: `insert into customers select n, 'Person ' || n, 'p' || n || '@example.com', 'gold', 'Utrecht', n % 9,
             n * 1.5, 'nl' from generate_series(101, 100 + $1::int) n`,
    },
    [count],
  );
  await database.run({ name: '', text: 'vacuum (analyze) customers' }, []);
}

/** The connector of these customers, with a home of its own that goes when the benchmark has ended. */
export async function connectorOf(bench: Bench, url: string, target: Target): Promise<Connector> {
  const home = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  bench.afterwards(() => rm(home, { recursive: true }));
  return defineConnector({
    name: 'bench',
    home,
    source: postgres({ url, changes: 'cursor' }),
    target,
    users: {
      model: sql<Customer>`SELECT * FROM customers`,
      key: 'id',
      dirtyWhen: { customers: 'id' },
      language: 'language',
      tags: {
        name: tag('name'),
        plan: tag('plan'),
        city: tag('city'),
        orders: tag('orders'),
        spent: tag('spent'),
      },
      subscriptions: [email('email')],
    },
  });
}

/** One pass over all customers, everything on the disk as in any run: users a second, and CPU for each. */
export async function syncOnce(connector: Connector) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let [users, rejected] = [0, 0];
  await runSync(connector, {
    signal: new AbortController().signal,
    report(report) {
      if (report.kind !== 'delivered') return;
      users += report.batch.users;
      rejected += report.batch.rejected;
    },
  });
  const { user, system } = process.cpuUsage(cpu);
  const rate = (users / (performance.now() - start)) * 1000;
  return { users, rejected, rate, cpuUs: (user + system) / Math.max(1, users) };
}
