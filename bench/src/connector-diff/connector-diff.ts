import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Bench, Benchmark } from '../benchmark.ts';
import { startNullSink } from '../connector/null-sink.ts';
import { bareScan } from './bare-scan.ts';
import { runPass } from './pass.ts';
import type { LookCount, Pass } from './pass.ts';

const ROWS = 10_000_000;
const GONE = 100;
/** Of a look; the first pass sends everybody as well. */
const MOST_RSS_MB = 256;

export const connectorDiff: Benchmark = {
  about:
    'a pass of the connector over all rows, each hashed by the database and compared with what the last pass has seen: without a change, then with one in a thousand changed and a hundred gone; beside reading the same hashes and doing nothing (--rows N for fewer)',
  async run(bench) {
    const rows = bench.number('rows', ROWS);
    const { url } = await bench.database();
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    // A connection that is closing is closed once more with the database.
    pool.on('error', () => undefined);
    bench.afterwards(() => pool.end());
    await pool.query(`
      CREATE TABLE customers AS
      SELECT n AS id, 'Person ' || n AS name, 'p' || n || '@example.com' AS email, 'gold' AS plan, n % 50 AS orders,
             now() AS updated_at FROM generate_series(1::bigint, ${rows}::bigint) n`);
    await pool.query('ALTER TABLE customers ADD PRIMARY KEY (id)');
    await pool.query('VACUUM ANALYZE customers');
    const config = await writeConfig(bench, url, await startNullSink(bench));
    const pass = async (name: string, expected: Partial<LookCount>, sent: number, removed: number) => {
      const passed = await runPass(config);
      bench.say(`${name}: ${passed.seconds.toFixed(1)} s, peak ${passed.peakRssMb.toFixed(0)} MB`);
      for (const fault of faultsOf(passed, expected, sent, removed)) bench.broken(`${name}: ${fault}`);
      return passed;
    };

    const bare = await bareScan(url);
    bench.say(`reading alone: ${bare.toFixed(1)} s`);
    await pass('first', { scanned: rows, fresh: rows, changed: 0, gone: 0 }, rows, 0);
    const unchanged = await pass('no change', { scanned: rows, fresh: 0, changed: 0, gone: 0 }, 0, 0);
    await pool.query("UPDATE customers SET plan = 'silver' WHERE id % 1000 = 0");
    await pool.query('DELETE FROM customers WHERE id <= $1', [GONE]);
    const few = Math.floor(rows / 1000);
    const expected = { scanned: rows - GONE, fresh: 0, changed: few, gone: GONE };
    const changed = await pass('few changes', expected, few, GONE);
    const peak = Math.max(unchanged.peakRssMb, changed.peakRssMb);
    if (peak > MOST_RSS_MB) bench.broken(`${peak.toFixed(0)} MB of memory`);
    return {
      unchanged_s: unchanged.seconds,
      changed_s: changed.seconds,
      bare_s: bare,
      rate_per_s: rows / unchanged.seconds,
      ratio_to_baseline: bare / unchanged.seconds,
      peak_rss_mb: peak,
      rows,
    };
  },
};

function faultsOf(passed: Pass, expected: Partial<LookCount>, sent: number, removed: number): string[] {
  const told = { ...passed.count, sent: passed.sent, removed: passed.removed };
  return Object.entries({ ...expected, sent, removed }).flatMap(([what, wanted]) => {
    const found = told[what as keyof typeof told];
    return found === wanted ? [] : [`${what} is ${String(found)} and should be ${String(wanted)}`];
  });
}

async function writeConfig(bench: Bench, url: string, sink: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
  bench.afterwards(() => rm(folder, { recursive: true }));
  const config = {
    name: 'bench_diff',
    home: join(folder, 'home'),
    source: { kind: 'postgres', url, changes: 'diff' },
    target: { url: sink, appId: 'app', apiKey: 'key' },
    users: {
      model: 'SELECT * FROM customers',
      key: 'id',
      dirtyWhen: {},
      tags: { name: 'name', plan: 'plan', orders: 'orders' },
      onDelete: 'delete',
      limits: { maxDeletes: GONE },
    },
  };
  const path = join(folder, 'connector.config.yaml');
  // JSON is YAML, too.
  await writeFile(path, JSON.stringify(config));
  return path;
}
