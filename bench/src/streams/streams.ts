import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '@carillon/test-kit';
import type { Bench, Benchmark, Figures } from '../benchmark.ts';
import { cpuOf } from '../cpu.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { postBare } from './post-bare.ts';

const EVENTS = 100_000;
const USERS = 5_000;
const CONNECTIONS = 32;
const BATCH = 100;
const EVENTS_A_REQUEST = 200;
const POSTS_AT_ONCE = 8;
const POLL_MS = 50;

interface View {
  readonly delivered: number;
  readonly lag: { readonly events: number };
}

interface Page {
  readonly events: readonly object[];
  readonly has_more: boolean;
  readonly cursor: string;
}

export const streams: Benchmark = {
  about:
    'events of the feed to one webhook in another process, one by one and in batches of 100, signed, from the setting of the stream until all are written down as taken; beside bare undici that posts and signs the same bodies (--events N)',
  async run(bench) {
    const events = bench.number('events', EVENTS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url, { CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    await fillAudience(database, platform.appId, USERS);
    const receiver = new Child(new URL('./receiving-process.ts', import.meta.url), []);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const of = (path: string) => `/apps/${platform.appId}/${path}`;
    await call('PUT', of('feed/topics'), { topics: ['custom_events'] });
    const filling = performance.now();
    await fillFeed(call, of('custom_events'), events);
    bench.say(`${events} events are in the feed, in ${((performance.now() - filling) / 1_000).toFixed(1)} s`);
    const bodies = await readBodies(call, of('feed'));
    if (bodies.length !== events) bench.broken(`the feed has ${bodies.length} events, not ${events}`);

    const target = `http://127.0.0.1:${port}/events`;
    let figures: Figures = {};
    for (const [name, batch] of [
      ['', 1],
      ['batched_', BATCH],
    ] as const) {
      const bare =
        batch * (await postBare({ url: target, bodies: inBatches(bodies, batch), connections: CONNECTIONS }));
      const before = await requestsOf(receiver);
      const cpu = await cpuOf(platform.pid);
      const rate = await streamAll(bench, call, of(`event_streams/with-${batch}`), {
        events,
        batch,
        url: target,
      });
      const requests = (await requestsOf(receiver)) - before;
      const serverUs = ((await cpuOf(platform.pid)) - cpu) / events;
      if (requests * batch < events) bench.broken(`${requests} requests came for ${events} events`);
      bench.say(`${batch} in a request: ${rate.toFixed(0)} events/s, bare ${bare.toFixed(0)} events/s`);
      figures = {
        ...figures,
        [`${name}rate_per_s`]: rate,
        [name === '' ? 'ratio_to_baseline' : 'batched_ratio_to_baseline']: rate / bare,
        [`${name}bare_per_s`]: bare,
        [`${name}server_cpu_us`]: serverUs,
      };
    }
    return { ...figures, events, peak_rss_mb: await platform.peakRssMb() };
  },
};

async function fillFeed(call: CallPlatform, path: string, events: number): Promise<void> {
  let next = 0;
  const post = async () => {
    while (next < events) {
      const first = next;
      next += EVENTS_A_REQUEST;
      const list = Array.from({ length: Math.min(EVENTS_A_REQUEST, events - first) }, (_, i) => ({
        name: 'viewed',
        external_id: `user-${((first + i) % USERS) + 1}`,
        payload: { sku: first + i, page: 'autumn' },
      }));
      await call('POST', path, { events: list });
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_ONCE }, post));
}

/** What a webhook says of each event of the feed. */
async function readBodies(call: CallPlatform, path: string): Promise<string[]> {
  const bodies: string[] = [];
  for (let cursor = ''; ;) {
    const page: Page = await call('GET', `${path}?kinds=*&limit=10000&cursor=${cursor}`);
    for (const data of page.events)
      bodies.push(JSON.stringify({ type: 'custom_event', timestamp: '', data }));
    if (!page.has_more) return bodies;
    cursor = page.cursor;
  }
}

function inBatches(bodies: readonly string[], size: number): readonly string[] {
  if (size === 1) return bodies;
  const count = Math.ceil(bodies.length / size);
  return Array.from({ length: count }, (_, n) => `[${bodies.slice(n * size, (n + 1) * size).join(',')}]`);
}

/** Events a second, from the setting of a stream until the last is written down as taken. */
async function streamAll(
  bench: Bench,
  call: CallPlatform,
  path: string,
  { events, batch, url }: { readonly events: number; readonly batch: number; readonly url: string },
): Promise<number> {
  const start = performance.now();
  const filters = { kinds: ['*'] };
  const more = { connections: CONNECTIONS, batch, from: 'oldest', filters };
  await call('PUT', path, { kind: 'webhook', url, ...more });
  let view: View;
  do {
    await pause(POLL_MS);
    view = await call<View>('GET', path);
  } while (view.delivered < events);
  const rate = (events / (performance.now() - start)) * 1_000;
  if (view.delivered !== events) bench.broken(`${view.delivered} events were taken, of ${events}`);
  return rate;
}

async function requestsOf(receiver: Child): Promise<number> {
  receiver.send({});
  return ((await receiver.message()) as { requests: number }).requests;
}
