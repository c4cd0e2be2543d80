import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Child, until } from '@carillon/test-kit';
import type pg from 'pg';
import type { Benchmark } from '../benchmark.ts';
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
const MB = 2 ** 20;
const PATIENCE_MS = 600_000;

export const connectorOutage: Benchmark = {
  about:
    'the changes of an hour, as fast as the source commits them, while the target is away: how much of its log the source has to hold for the connector, beside all of it, which a follower that waits for its target would hold; the memory meanwhile; and whether everything is there in the end, each event told once (--changes N, --users N)',
  async run(bench) {
    const count = bench.number('changes', CHANGES);
    const users = bench.number('users', USERS);
    const { url } = await bench.database();
    const pool = await makeVersions(bench, url, users);
    await pool.query(
      'CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int, status text)',
    );
    const sink = await new OutageSink().start();
    bench.afterwards(() => sink.stop());
    const { port } = new URL(sink.url);
    const home = await mkdtemp(join(tmpdir(), 'carillon-bench-'));
    bench.afterwards(() => rm(home, { recursive: true, force: true }));
    const settings: WatchSettings = { databaseUrl: url, targetUrl: sink.url, home, name: NAME };
    const watch = new Child(new URL('./watch-process.ts', import.meta.url), [JSON.stringify(settings)]);
    bench.afterwards(async () => {
      await watch.kill();
      await dropSlot(pool, SLOT);
    });
    await until('everybody was brought over', () => sink.versions.size === users, PATIENCE_MS);

    await sink.stop();
    const early = Math.ceil(count / 10);
    const began = performance.now();
    const start = await endOfLog(pool);
    let isOver = false;
    const held = mostHeldMb(pool, SLOT, () => isOver);
    // What the process needs at work, and not what an outage adds.
    const first = await writeChanges(pool, { users, from: 0, to: early });
    const rssBefore = await rssMbOf(watch.pid);
    const events = first + (await writeChanges(pool, { users, from: early, to: count }));
    const end = await endOfLog(pool);
    await until('all is kept', async () => (await keptUpTo(pool, SLOT)) >= end, PATIENCE_MS);
    const outage = (performance.now() - began) / 1_000;
    isOver = true;
    const [heldMb, writtenMb] = [await held, (end - start) / MB];
    const [rssAfter, peak] = [await rssMbOf(watch.pid), await peakRssMbOf(watch.pid)];
    const homeMb = (await sizeOf(home)) / MB;
    bench.say(
      `${outage.toFixed(0)} s without the target: ${count} commits, ${writtenMb.toFixed(0)} MB of log, of which ${heldMb.toFixed(1)} MB were held; memory ${rssBefore.toFixed(0)} MB, then ${rssAfter.toFixed(0)} MB, at most ${peak.toFixed(0)} MB; ${homeMb.toFixed(0)} MB on the disk`,
    );

    sink.users = 0;
    const back = performance.now();
    await sink.start(Number(port));
    await until('every event is there', () => sink.told.size >= events, PATIENCE_MS);
    await until('every version is there', () => isSame(pool, sink), PATIENCE_MS);
    const drained = (performance.now() - back) / 1_000;
    await pause(2_000);
    const twice = [...sink.told.values()].filter((times) => times > 1).length;
    if (twice > 0 || sink.told.size !== events) {
      bench.broken(`${sink.told.size} of ${events} events were told, ${twice} of them more than once`);
    }
    bench.say(`back: ${sink.users} users and ${events} events, all there after ${drained.toFixed(1)} s`);
    return {
      rate_per_s: count / outage,
      held_log_mb: heldMb,
      written_log_mb: writtenMb,
      ratio_to_baseline: writtenMb / heldMb,
      rss_mb_before: rssBefore,
      rss_mb_after: rssAfter,
      peak_rss_mb: peak,
      home_mb: homeMb,
      drain_seconds: drained,
      users_sent: sink.users,
      events,
      told_twice: twice,
    };
  },
};

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
