import { carillon, postgres } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import type pg from 'pg';
import type { Benchmark } from '../benchmark.ts';
import { dropSlot, Following, makeVersions, versionsConnector } from '../connector/follow.ts';
import { startNullSink } from '../connector/null-sink.ts';
import { peakRssMb } from '../figures.ts';
import { decodeAll } from './decode-alone.ts';

const CHANGES = 200_000;
const USERS = 20_000;
const PER_TRANSACTION = 100;
const BARE_SLOT = 'bench_catchup_bare';

export const connectorCatchup: Benchmark = {
  about:
    'what was changed while the connector was stopped, until all of it is on its disk and the source was told so, and until the target has it; beside decoding the same changes and keeping nothing (--changes N, --users N, --per-transaction N)',
  async run(bench) {
    const users = bench.number('users', USERS);
    const perTransaction = bench.number('per-transaction', PER_TRANSACTION);
    const transactions = Math.ceil(bench.number('changes', CHANGES) / perTransaction);
    const changes = transactions * perTransaction;
    const { url } = await bench.database();
    const pool = await makeVersions(bench, url, users);
    const connector = await versionsConnector(bench, 'bench_catchup', {
      source: postgres({ url, changes: 'cdc' }),
      target: carillon({ url: await startNullSink(bench), appId: 'app', apiKey: 'key' }),
    });
    const first = new Following(connector);
    await first.isThrough();
    await first.stop();

    await pool.query(`CREATE PUBLICATION ${BARE_SLOT} FOR TABLE customers`);
    await pool.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [BARE_SLOT]);
    for (let n = 0; n < transactions; n += 1) {
      const ids = Array.from({ length: perTransaction }, (_, i) => 1 + ((n * perTransaction + i) % users));
      await pool.query('UPDATE customers SET version = $1 WHERE id = ANY ($2)', [`v${n}`, ids]);
    }
    const end = await positionOf(pool);

    const decoded = await decodeAll(url, BARE_SLOT, changes);
    await dropSlot(pool, BARE_SLOT);
    bench.say(`decoding alone: ${(changes / decoded).toFixed(0)} changes/s`);

    let sent = 0;
    let isCaughtUp = false;
    const cpu = process.cpuUsage();
    const began = performance.now();
    const second = new Following(connector, (report) => {
      if (report.kind === 'delivered') sent += report.batch.users;
      if (report.kind === 'caught-up') isCaughtUp = true;
    });
    await until('everything is queued', () => isTold(pool, connector.name, end), 600_000);
    const queued = (performance.now() - began) / 1000;
    isCaughtUp = false;
    await until('everything is delivered', () => isCaughtUp || sent >= changes, 600_000);
    const delivered = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    await second.stop();
    await dropSlot(pool, `carillon_${connector.name}`);
    if (sent < Math.min(users, changes)) bench.broken(`${sent} of ${users} users were sent`);
    bench.say(
      `queued ${(changes / queued).toFixed(0)} changes/s; ${sent} writes, all there after ${delivered.toFixed(1)} s`,
    );
    return {
      rate_per_s: changes / queued,
      ratio_to_baseline: decoded / queued,
      decode_per_s: changes / decoded,
      delivered_changes_per_s: changes / delivered,
      cpu_us_per_change: (user + system) / changes,
      changes,
      writes: sent,
      peak_rss_mb: peakRssMb(),
    };
  },
};

async function positionOf(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
  return rows[0]?.lsn ?? '0/0';
}

/** Has the source been told that everything up to `end` is kept? */
async function isTold(pool: pg.Pool, name: string, end: string): Promise<boolean> {
  const { rows } = await pool.query<{ told: boolean }>(
    'SELECT confirmed_flush_lsn >= $2::pg_lsn AS told FROM pg_replication_slots WHERE slot_name = $1',
    [`carillon_${name}`, end],
  );
  return rows[0]?.told ?? false;
}
