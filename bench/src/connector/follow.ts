import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConnector, runWatch, sql, tag } from '@carillon/connector';
import type { Connector, Report } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import pg from 'pg';
import type { Bench } from '../benchmark.ts';

interface Customer {
  readonly id: number;
  readonly version: string;
}

/** Customers of whom one thing is told, their version, which every commit of a benchmark names anew. */
export async function makeVersions(bench: Bench, url: string, users: number): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 24 });
  // A connection that is closing is closed once more with the database.
  pool.on('error', () => undefined);
  bench.afterwards(() => pool.end());
  await pool.query(`CREATE TABLE customers (
    id int PRIMARY KEY, version text NOT NULL DEFAULT '', updated_at timestamptz NOT NULL DEFAULT now())`);
  await pool.query('INSERT INTO customers SELECT generate_series(1, $1::int)', [users]);
  await pool.query('CREATE INDEX ON customers (updated_at, id)');
  await pool.query('VACUUM ANALYZE customers');
  return pool;
}

/** A connector of these customers, with a home of its own that goes when the benchmark has ended. */
export async function versionsConnector(
  bench: Bench,
  name: string,
  ends: Pick<Connector, 'source' | 'target'>,
): Promise<Connector> {
  const home = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  bench.afterwards(() => rm(home, { recursive: true, force: true }));
  return defineConnector({
    name,
    home,
    ...ends,
    users: {
      model: sql<Customer>`SELECT * FROM customers`,
      key: 'id',
      dirtyWhen: { customers: 'id' },
      tags: { version: tag('version') },
    },
  });
}

/** A watch in this process. */
export class Following {
  readonly #controller = new AbortController();
  readonly #running: Promise<void>;
  #isThrough = false;

  constructor(connector: Connector, hear: (report: Report) => void = () => undefined) {
    this.#running = runWatch(connector, {
      signal: this.#controller.signal,
      report: (report) => {
        if (report.kind === 'pass' && report.done) this.#isThrough = true;
        hear(report);
      },
    });
  }

  /** Resolves when everybody was brought over and what follows is changes. */
  async isThrough(): Promise<void> {
    await Promise.race([until('everybody was brought over', () => this.#isThrough, 300_000), this.#running]);
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    await this.#running;
  }
}

/** A slot is let go of a moment after its reader. */
export async function dropSlot(pool: pg.Pool, slot: string): Promise<void> {
  const dropped = () =>
    pool.query('SELECT pg_drop_replication_slot($1)', [slot]).then(
      () => true,
      () => false,
    );
  await until(`the slot ${slot} is gone`, dropped);
}
