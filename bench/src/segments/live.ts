import { SegmentWatches } from '@carillon/server';
import { until } from '@carillon/test-kit';
import type { Database } from '@carillon/server';
import type { Bench, Figures } from '../benchmark.ts';
import { cpuOf, startCpuMeter } from '../cpu.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { liveFilters } from './live-filters.ts';
import { bareLoop, changeEverybody, dropTold, isAnyChanged } from './live-store.ts';

const SEGMENTS = 50;
const BARE_BATCH = 2_000;

/**
 * Fifty segments are watched and everybody changes: how many users are looked at in a second, beside a loop of
 * statements that reads as many users and writes a row for each, and knows no segment.
 */
export async function measureLive(
  bench: Bench,
  database: Database,
  platform: Platform,
  call: CallPlatform,
  users: number,
): Promise<Figures> {
  const { appId } = platform;
  const ids: string[] = [];
  for (let n = 0; n < SEGMENTS; n += 1) {
    const body = { name: `Live ${n}`, filters: liveFilters(n, users) };
    ids.push((await call<{ id: string }>('POST', `/apps/${appId}/segments`, body)).id);
  }
  const watches = new SegmentWatches(database);
  const watcher = { appId, watcher: 'benchmark', watcherId: crypto.randomUUID() };
  const costOf = (work: () => Promise<unknown>) => costPerUser(platform, database, users, work);
  const filled = await costOf(async () => {
    await database.transaction((transaction) => watches.set(transaction, watcher, ids));
    await until('all are filled', () => watches.areReady(appId, ids), 3_600_000);
  });
  await changeEverybody(database, appId, users);
  const looked = await costOf(() =>
    until('all are looked at', async () => !(await isAnyChanged(database)), 3_600_000),
  );
  const told = await dropTold(database, appId);
  const bare = await costOf(() => bareLoop(database, appId, BARE_BATCH));
  bench.say(
    `${SEGMENTS} live segments: filled ${inWords(filled)}, looked at changed ${inWords(looked)} (${told} told), bare loop ${inWords(bare)}`,
  );
  return {
    live_rate_per_s: looked.perSecond,
    live_ratio_to_baseline: looked.perSecond / bare.perSecond,
    live_cpu_us_per_user: looked.nodeUs + looked.databaseUs,
    live_filled_per_s: filled.perSecond,
    live_filled_cpu_us_per_user: filled.nodeUs + filled.databaseUs,
    live_bare_per_s: bare.perSecond,
  };
}

/** Of one user. */
interface Cost {
  readonly perSecond: number;
  /** CPU of the platform's process, and, by the bare loop, of this one. */
  readonly nodeUs: number;
  readonly databaseUs: number;
}

async function costPerUser(
  platform: Platform,
  database: Database,
  users: number,
  work: () => Promise<unknown>,
): Promise<Cost> {
  const platformFrom = await cpuOf(platform.pid);
  const readCpu = await startCpuMeter(database);
  const own = process.cpuUsage();
  const from = performance.now();
  await work();
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(own);
  return {
    perSecond: users / seconds,
    nodeUs: ((await cpuOf(platform.pid)) - platformFrom + user + system) / users,
    databaseUs: ((await readCpu()) - user - system) / users,
  };
}

function inWords({ perSecond, nodeUs, databaseUs }: Cost): string {
  return `${perSecond.toFixed(0)} users/s (CPU ${nodeUs.toFixed(0)} µs of Node and ${databaseUs.toFixed(0)} µs of PostgreSQL each)`;
}
