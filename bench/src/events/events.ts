import { randomUUID } from 'node:crypto';
import type { Benchmark, Figures } from '../benchmark.ts';
import { startCpuMeter } from '../cpu.ts';
import { medianOf, peakRssMb, percentile } from '../figures.ts';
import { makePeople, settle } from '../lanes/people-store.ts';
import { Watch } from '../lanes/watch.ts';
import { APP, makeWorld, send, wait } from '../lanes/world.ts';
import type { World } from '../lanes/world.ts';
import { bareEventRate, clearEvents } from './bare-events-store.ts';
import { httpIngest } from './http-ingest.ts';

const ROUNDS = 3;
const YEAR = 31_556_952;
const CLIENTS = 2;

interface Sizes {
  readonly people: number;
  readonly journeys: number;
  readonly batch: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** One event in ten starts a journey. */
function eventOf({ people, journeys }: Sizes, n: number) {
  return {
    name: `event-${n % (journeys * 10)}`,
    external_id: `user-${1 + ((n * 7_919) % people)}`,
    properties: { total: n % 1_000, currency: 'EUR' },
  };
}

function batchOf(sizes: Sizes, number: number) {
  return Array.from({ length: sizes.batch }, (_, n) => eventOf(sizes, number * sizes.batch + n));
}

/** As they would be stored, of users who are made up. */
function bareBatch(sizes: Sizes, number: number): readonly object[] {
  return batchOf(sizes, number).map(({ name, properties }) => {
    const user = randomUUID();
    return {
      // The lane of an id is its last byte.
      lane: Number.parseInt(user.slice(-2), 16),
      id: randomUUID(),
      app_id: APP,
      user_id: user,
      name,
      properties,
      at: new Date().toISOString(),
    };
  });
}

/** Events taken in as fast as it goes, while nobody works the lanes; then worked as fast as it goes. */
async function atFullSpeed(world: World, watch: Watch, sizes: Sizes, batches: number): Promise<Figures> {
  await world.rest();
  const readCpu = await startCpuMeter(world.database);
  let next = 0;
  const start = performance.now();
  const client = async () => {
    while (next < batches) await world.events.take(APP, batchOf(sizes, next++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const count = batches * sizes.batch;
  const rate = (count / (performance.now() - start)) * 1_000;
  const cpu = (await readCpu()) / count;
  watch.clear();
  const from = performance.now();
  await world.work();
  while (watch.events < count) await pause(5);
  return {
    ingest_per_s: rate,
    ingest_cpu_us: cpu,
    matched_per_s: (count / (performance.now() - from)) * 1_000,
  };
}

/** Events at a steady pace, and how long after each its step was committed. */
async function atAPace(world: World, watch: Watch, sizes: Sizes): Promise<Figures> {
  watch.clear();
  const batches = Math.ceil((sizes.perSecond * sizes.seconds) / sizes.batch);
  const start = Date.now();
  const answers: Promise<unknown>[] = [];
  const readCpu = await startCpuMeter(world.database);
  for (let number = 0; number < batches; number += 1) {
    const events = batchOf(sizes, number);
    await pause(start + (number * sizes.batch * 1_000) / sizes.perSecond - Date.now());
    answers.push(world.events.take(APP, events));
  }
  await Promise.all(answers);
  const count = batches * sizes.batch;
  while (watch.events < count) await pause(5);
  const took = Date.now() - start;
  const { lags } = watch;
  return {
    rate_per_s: (count / took) * 1_000,
    p50_ms: percentile(lags, 0.5),
    p99_ms: percentile(lags, 0.99),
    cpu_us_each: (await readCpu()) / count,
  };
}

export const events: Benchmark = {
  about:
    'custom events stored and matched against live journeys: at a steady pace with the lag from taking in to the commit of the step, as fast as it goes beside a bare batched INSERT loop, and over HTTP in batches',
  async run(bench) {
    const sizes: Sizes = {
      people: bench.number('people', 50_000),
      journeys: bench.number('journeys', 100),
      batch: bench.number('batch', 1_000),
      perSecond: bench.number('per-second', 30_000),
      seconds: bench.number('seconds', 4),
    };
    const batches = Math.ceil(bench.number('count', 100_000) / sizes.batch);
    const watch = new Watch();
    const world = await makeWorld(bench, (database) => watch.over(database));
    await makePeople(world.database, APP, sizes.people);
    for (let n = 0; n < sizes.journeys; n += 1) await world.activate(`event-${n}`, [wait(YEAR), send]);
    await settle(world.database);

    const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const bare = await bareEventRate(world.database, batches, CLIENTS, (n) => bareBatch(sizes, n));
      await clearEvents(world.database);
      const full = await atFullSpeed(world, watch, sizes, batches);
      const paced = await atAPace(world, watch, sizes);
      const result = {
        ...paced,
        ...full,
        bare_insert_per_s: bare,
        ratio_to_baseline: (full['ingest_per_s'] ?? 0) / bare,
      };
      const shown = Object.entries(result).map(([name, value]) => `${name} ${value.toFixed(1)}`);
      bench.say(`round ${round + 1}: ${shown.join(', ')}`);
      return result;
    });
    await world.rest();
    const http = await httpIngest(bench, {
      ...sizes,
      batch: bench.number('http-batch', 200),
      eventOf: (n) => eventOf(sizes, n),
    });
    return { ...figures, ...http, peak_rss_mb: peakRssMb() };
  },
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)));
}
