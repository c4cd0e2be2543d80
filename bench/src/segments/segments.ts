import { Partitions } from '@carillon/server';
import type { Benchmark } from '../benchmark.ts';
import { medianOf } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { measureLive } from './live.ts';
import { bareCount, fillEvents } from './segment-store.ts';

/** With an email each: `--users N`. */
const USERS = 1_000_000;
/** A tenth has done something lately. */
const EVENTS_PART = 10;
const ROUNDS = 3;
const HOUR_MS = 3_600_000;

export const segments: Benchmark = {
  about:
    'counting a segment of five filters among a million users over HTTP, and one that asks for custom events too, beside a bare count in SQL of the same five; and looking at changed users for fifty live segments, beside a bare loop of statements',
  async run(bench) {
    const users = bench.number('users', USERS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    const { appId } = platform;
    const made = await timed(() => fillAudience(database, appId, users));
    bench.say(`${users} users made in ${(made.ms / 1_000).toFixed(1)} s`);
    const now = Date.now();
    const events = Math.floor(users / EVENTS_PART);
    const partitions = new Partitions(database);
    for (let at = now - events * 1_000; at <= now; at += 12 * HOUR_MS) await partitions.need(at);
    await fillEvents(database, appId, now, { count: events, part: EVENTS_PART });

    const half = Math.floor(users / 2);
    const five = [
      { field: 'tag', key: 'plan', relation: '=', value: 'gold' },
      { field: 'tag', key: 'orders', relation: '>', value: half },
      { field: 'language', relation: '=', value: 'en' },
      { field: 'last_session', relation: '<', hours_ago: 24 },
      { field: 'tag', key: 'city', relation: 'exists' },
    ];
    const ordered = {
      field: 'custom_event',
      key: 'order',
      properties: [{ key: 'total', relation: '>', value: 50 }],
    };
    const count = async (filters: readonly object[]) => {
      const of = `/apps/${appId}/segments`;
      const name = crypto.randomUUID();
      const { id } = await call<{ id: string }>('POST', of, { name, filters });
      return timed(
        async () => (await call<{ subscriber_count: number }>('GET', `${of}/${id}`)).subscriber_count,
      );
    };
    const counted = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const bare = await timed(() => bareCount(database, appId, half, now - 24 * HOUR_MS));
      const counted = await count(five);
      const happened = await count([...five, ordered]);
      if (counted.value !== bare.value) bench.broken(`counted ${counted.value}, and bare SQL ${bare.value}`);
      bench.say(
        `round ${round + 1}: five filters ${counted.ms.toFixed(0)} ms (${counted.value}); with events ${happened.ms.toFixed(0)} ms (${happened.value}); bare SQL ${bare.ms.toFixed(0)} ms`,
      );
      return {
        rate_per_s: (users / counted.ms) * 1_000,
        ratio_to_baseline: bare.ms / counted.ms,
        count_ms: counted.ms,
        count_with_events_ms: happened.ms,
        bare_ms: bare.ms,
        peak_rss_mb: await platform.peakRssMb(),
      };
    });
    return { ...counted, ...(await measureLive(bench, database, platform, call, users)) };
  },
};

async function timed<Value>(
  work: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly ms: number }> {
  const from = performance.now();
  const value = await work();
  return { value, ms: performance.now() - from };
}
