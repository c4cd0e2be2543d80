import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, until } from '@carillon/test-kit';
import type pg from 'pg';
import type { Bench, Benchmark } from '../benchmark.ts';
import { dropSlot, makeVersions } from '../connector/follow.ts';
import { peakRssMbOf, rssMbOf } from '../memory.ts';
import { OutageSink } from './outage-sink.ts';
import { endOfLog, keptUpTo, mostHeldMb } from './source-log.ts';
import type { WatchSettings } from './watch-process.ts';
import { writeChanges } from './write-changes.ts';

const NAME = 'bench_outage';
const SLOT = `carillon_${NAME}`;
/** An hour with 200 a second. */
const CHANGES = 720_000;
const USERS = 20_000;
/** Of its log, by the source. */
const MOST_HELD_MB = 64;
const MB = 2 ** 20;
const PATIENCE_MS = 600_000;
/** Whoever is told twice is told so by then. */
const LATE_MS = 2_000;

export const connectorOutage: Benchmark = {
  about:
    'the changes of an hour, as fast as the source commits them, while the target is away: how much of its log the source has to hold for the connector, beside all of it, which a follower that waits for its target would hold; the memory meanwhile; and whether everything is there in the end, each event told once (--changes N, --users N)',
  async run(bench) {
    const { url } = await bench.database();
    const users = bench.number('users', USERS);
    const pool = await makeVersions(bench, url, users);
    await pool.query(
      'CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int, status text)',
    );
    const sink = await new OutageSink().start();
    bench.afterwards(() => sink.stop());
    const home = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
    bench.afterwards(() => rm(home, { recursive: true, force: true }));
    const settings: WatchSettings = { databaseUrl: url, targetUrl: sink.url, home, name: NAME };
    const watch = new Child(new URL('./watch-process.ts', import.meta.url), [JSON.stringify(settings)]);
    bench.afterwards(async () => {
      await watch.kill();
      await dropSlot(pool, SLOT);
    });
    await until('everybody was brought over', () => sink.versions.size === users, PATIENCE_MS);

    const port = Number(new URL(sink.url).port);
    await sink.stop();
    const changes = bench.number('changes', CHANGES);
    const { events, ...outage } = await withoutTarget(bench, { pool, home, pid: watch.pid, changes, users });
    const back = await withTarget(bench, { pool, sink, port, events });
    return { ...outage, ...back, events };
  },
};

interface Outage {
  readonly pool: pg.Pool;
  readonly home: string;
  /** Of the watch. */
  readonly pid: number;
  readonly changes: number;
  readonly users: number;
}

/** Changes everything while nobody takes it, until all of it is on the connector's disk. */
async function withoutTarget(bench: Bench, { pool, home, pid, changes, users }: Outage) {
  const began = performance.now();
  const start = await endOfLog(pool);
  let isOver = false;
  const held = mostHeldMb(pool, SLOT, () => isOver);
  // What the process needs at work, and not what an outage adds.
  const early = Math.ceil(changes / 10);
  const first = await writeChanges(pool, { users, from: 0, to: early });
  const before = await rssMbOf(pid);
  const events = first + (await writeChanges(pool, { users, from: early, to: changes }));
  const end = await endOfLog(pool);
  await until('all is kept', async () => (await keptUpTo(pool, SLOT)) >= end, PATIENCE_MS);
  const seconds = (performance.now() - began) / 1_000;
  isOver = true;
  const [heldMb, writtenMb] = [await held, (end - start) / MB];
  const [after, peak, homeMb] = [await rssMbOf(pid), await peakRssMbOf(pid), (await sizeOf(home)) / MB];
  if (heldMb > MOST_HELD_MB) bench.broken(`the source had to hold ${heldMb.toFixed(0)} MB of its log`);
  bench.say(
    `${seconds.toFixed(0)} s without the target: ${changes} commits, ${writtenMb.toFixed(0)} MB of log, of which ${heldMb.toFixed(1)} MB were held; memory ${before.toFixed(0)} MB, then ${after.toFixed(0)} MB, at most ${peak.toFixed(0)} MB; ${homeMb.toFixed(0)} MB on the disk`,
  );
  return {
    events,
    rate_per_s: changes / seconds,
    held_log_mb: heldMb,
    written_log_mb: writtenMb,
    ratio_to_baseline: writtenMb / heldMb,
    rss_mb_before: before,
    rss_mb_after: after,
    peak_rss_mb: peak,
    home_mb: homeMb,
  };
}

interface Return {
  readonly pool: pg.Pool;
  readonly sink: OutageSink;
  readonly port: number;
  /** That were to be told. */
  readonly events: number;
}

/** Until the target has what the table says, and every event once. */
async function withTarget(bench: Bench, { pool, sink, port, events }: Return) {
  sink.users = 0;
  const back = performance.now();
  await sink.start(port);
  await until('every event is there', () => sink.told.size >= events, PATIENCE_MS);
  await until('every version is there', () => isSame(pool, sink), PATIENCE_MS);
  const seconds = (performance.now() - back) / 1_000;
  await pause(LATE_MS);
  const twice = [...sink.told.values()].filter((times) => times > 1).length;
  if (twice > 0 || sink.told.size !== events) {
    bench.broken(`${sink.told.size} of ${events} events were told, ${twice} of them more than once`);
  }
  bench.say(`back: ${sink.users} users and ${events} events, all there after ${seconds.toFixed(1)} s`);
  return { drain_seconds: seconds, users_sent: sink.users, told_twice: twice };
}

/** Has the target what the table says of everybody? */
async function isSame(pool: pg.Pool, sink: OutageSink): Promise<boolean> {
  const { rows } = await pool.query<{ id: number; version: string }>('SELECT id, version FROM customers');
  return rows.every(({ id, version }) => sink.versions.get(String(id)) === version);
}

async function sizeOf(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async (file) => (await stat(join(file.parentPath, file.name)).catch(() => ({ size: 0 }))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
