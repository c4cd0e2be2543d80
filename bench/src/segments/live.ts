import { SegmentWatches } from '@carillon/server';
import { until } from '@carillon/test-kit';
import type { Database } from '@carillon/server';
import type { Bench, Figures } from '../benchmark.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { liveFilters } from './live-filters.ts';
import { bareLoop, changeEverybody, countChanged, dropTold } from './live-store.ts';

const SEGMENTS = 50;
const BARE_BATCH = 2_000;

/**
 * Fifty segments are watched and everybody changes: how many users are looked at in a second, beside a loop of
 * statements that reads as many users and writes a row for each, and knows no segment.
 */
export async function measureLive(
  bench: Bench,
  database: Database,
  call: CallPlatform,
  { appId, users }: { readonly appId: string; readonly users: number },
): Promise<Figures> {
  const ids: string[] = [];
  for (let n = 0; n < SEGMENTS; n += 1) {
    const body = { name: `Live ${n}`, filters: liveFilters(n, users) };
    ids.push((await call<{ id: string }>('POST', `/apps/${appId}/segments`, body)).id);
  }
  const watches = new SegmentWatches(database);
  const watcher = { appId, watcher: 'benchmark', watcherId: crypto.randomUUID() };
  const filled = await rateOf(users, async () => {
    await database.transaction((transaction) => watches.set(transaction, watcher, ids));
    await until('all are filled', () => watches.areReady(appId, ids), 3_600_000);
  });
  await changeEverybody(database, appId, users);
  const looked = await rateOf(users, () =>
    until('all are looked at', async () => (await countChanged(database, appId)) === 0, 3_600_000),
  );
  const told = await dropTold(database, appId);
  const bare = await rateOf(users, () => bareLoop(database, appId, BARE_BATCH));
  bench.say(
    `${SEGMENTS} live segments: filled ${filled.toFixed(0)} users/s, looked at ${looked.toFixed(0)} changed users/s (${told} told), bare loop ${bare.toFixed(0)} users/s`,
  );
  return {
    live_rate_per_s: looked,
    live_ratio_to_baseline: looked / bare,
    live_filled_per_s: filled,
    live_bare_per_s: bare,
  };
}

async function rateOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (count / (performance.now() - from)) * 1_000;
}
