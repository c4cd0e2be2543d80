import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defineConnector, postgres, runWatch, sql, tag } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import pg from 'pg';
import type { Bench, Benchmark, Figures } from '../benchmark.ts';
import { peakRssMb, percentile } from '../figures.ts';
import { followBare } from './bare-follower.ts';
import { PromptSink } from './prompt-sink.ts';

const PER_SECOND = 200;
const SECONDS = 20;
const USERS = 10_000;
const WARM_UP_SECONDS = 2;

interface Customer {
  readonly id: number;
  readonly version: string;
}

export const connectorLatency: Benchmark = {
  about:
    'from the commit of a row to the acknowledgement of the target, which answers at once: the connector with everything on the disk, beside a follower that keeps nothing (--per-second N, --seconds N, --users N)',
  async run(bench) {
    const { url } = await bench.database();
    const pool = new pg.Pool({ connectionString: url, max: 4 });
    // A connection that is closing is closed once more with the database.
    pool.on('error', () => undefined);
    bench.afterwards(() => pool.end());
    await pool.query("CREATE TABLE customers (id int PRIMARY KEY, version text NOT NULL DEFAULT '')");
    await pool.query('INSERT INTO customers SELECT generate_series(1, $1::int)', [
      bench.number('users', USERS),
    ]);
    await pool.query('ANALYZE customers');
    const own = await measure(bench, pool, 'connector', (sink) => follow(bench, pool, url, sink));
    const bare = await measure(bench, pool, 'bare', async (sink) => {
      const stop = await followBare(url, 'bench_bare', sink.url);
      return async () => {
        await stop();
        await dropSlot(pool, 'bench_bare');
      };
    });
    return {
      p50_ms: own.p50,
      p99_ms: own.p99,
      bare_p50_ms: bare.p50,
      bare_p99_ms: bare.p99,
      rate_per_s: own.rate,
      peak_rss_mb: peakRssMb(),
    };
  },
};

/** Follows, commits changes at the pace, and says how long each took to be acknowledged. */
async function measure(
  bench: Bench,
  pool: pg.Pool,
  name: string,
  start: (sink: PromptSink) => Promise<() => Promise<void>>,
): Promise<{ p50: number; p99: number; rate: number } & Figures> {
  const perSecond = bench.number('per-second', PER_SECOND);
  const count = perSecond * bench.number('seconds', SECONDS);
  const users = bench.number('users', USERS);
  const sink = new PromptSink();
  await sink.start();
  const stop = await start(sink);
  try {
    const commit = async (n: number) => {
      const version = `${name}-${n}`;
      await pool.query('UPDATE customers SET version = $2 WHERE id = $1', [1 + (n % users), version]);
      committed.set(version, performance.now());
    };
    const committed = new Map<string, number>();
    await inPace(perSecond, perSecond * WARM_UP_SECONDS, (n) => commit(count + n));
    committed.clear();
    const began = performance.now();
    await inPace(perSecond, count, commit);
    const rate = (count / (performance.now() - began)) * 1000;
    const all = () => [...committed.keys()].every((version) => sink.acknowledged.has(version));
    await until('every change is acknowledged', all, 60_000).catch(() =>
      bench.broken(`${name}: not every change was acknowledged`),
    );
    const took = [...committed].flatMap(([version, at]) => {
      const acknowledged = sink.acknowledged.get(version);
      // A target may be told before the writer hears that its commit is done.
      return acknowledged === undefined ? [] : [Math.max(0, acknowledged - at)];
    });
    const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)];
    bench.say(`${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms at ${rate.toFixed(0)} commits/s`);
    return { p50, p99, rate };
  } finally {
    await stop();
    sink.stop();
  }
}

/** Calls `act` so many times at an even pace, without waiting for what it does. */
async function inPace(perSecond: number, count: number, act: (n: number) => Promise<void>): Promise<void> {
  const start = performance.now();
  const acting: Promise<void>[] = [];
  for (let n = 0; n < count; n += 1) {
    const wait = start + (n * 1000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    acting.push(act(n));
  }
  await Promise.all(acting);
}

async function follow(
  bench: Bench,
  pool: pg.Pool,
  url: string,
  sink: PromptSink,
): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  bench.afterwards(() => rm(home, { recursive: true }));
  const controller = new AbortController();
  let isThrough = false;
  const running = runWatch(
    defineConnector({
      name: 'bench_latency',
      home,
      source: postgres({ url, changes: 'cdc' }),
      target: { url: sink.url, appId: 'app', apiKey: 'key' },
      users: {
        model: sql<Customer>`SELECT * FROM customers`,
        key: 'id',
        dirtyWhen: { customers: 'id' },
        tags: { version: tag('version') },
      },
    }),
    {
      signal: controller.signal,
      report(report) {
        if (report.kind === 'pass' && report.done) isThrough = true;
      },
    },
  );
  await until('everybody was brought over', () => isThrough, 120_000);
  return async () => {
    controller.abort();
    await running;
    await dropSlot(pool, 'carillon_bench_latency');
  };
}

async function dropSlot(pool: pg.Pool, slot: string): Promise<void> {
  const dropped = () =>
    pool.query('SELECT pg_drop_replication_slot($1)', [slot]).then(
      () => true,
      () => false,
    );
  await until(`the slot ${slot} is gone`, dropped);
}
