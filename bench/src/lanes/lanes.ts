import type { Benchmark, Figures } from '../benchmark.ts';
import { startCpuMeter } from '../cpu.ts';
import { medianOf, peakRssMb, percentile } from '../figures.ts';
import { bareDeleteRate, bareInsertRate } from './bare-store.ts';
import { makePeople, makeRuns, settle } from './people-store.ts';
import { Watch } from './watch.ts';
import type { World } from './world.ts';
import { APP, makeWorld, send, wait } from './world.ts';

/** Runs that wait for tomorrow while the others are fired; `--waiting N` makes it another number. */
const WAITING = 1_000_000;
const PEOPLE = 50_000;
const JOURNEYS = 100;
const ROUNDS = 3;
/** For timers as fast as possible. */
const DUE = 100_000;
/** For timers and events at a steady pace. */
const PACED_MS = 4_000;
const TIMERS_PER_S = 10_000;
const EVENTS_PER_S = 30_000;
const CALL = 1_000;
const YEAR = 31_556_952;

/** One journey in ten is started by the events that are sent. */
const eventName = (n: number) => `event-${n % (JOURNEYS * 10)}`;

interface Measured {
  readonly rate: number;
  /** Microseconds of this process and the database together, for each. */
  readonly cpuEach: number;
}

async function timersAtFullSpeed(world: World, watch: Watch, journeys: readonly string[]): Promise<Measured> {
  await world.rest();
  for (const id of journeys) await makeRuns(world.database, id, DUE / journeys.length, Date.now());
  await settle(world.database);
  return measured(world, watch, DUE, () => watch.steps);
}

async function timersAtAPace(world: World, watch: Watch, journeys: readonly string[]): Promise<void> {
  const from = Date.now() + 8_000;
  const count = (TIMERS_PER_S * PACED_MS) / 1_000;
  for (const id of journeys) await makeRuns(world.database, id, count / journeys.length, from, PACED_MS);
  await settle(world.database);
  watch.clear();
  while (watch.steps < count) await pause(20);
}

async function eventsAtAPace(world: World, watch: Watch): Promise<void> {
  watch.clear();
  const calls = (EVENTS_PER_S * PACED_MS) / 1_000 / CALL;
  const start = Date.now();
  const answers: Promise<unknown>[] = [];
  for (let call = 0; call < calls; call += 1) {
    const events = Array.from({ length: CALL }, (_, n) => ({
      name: eventName(call * CALL + n),
      external_id: `user-${1 + ((call * CALL + n * 7919) % PEOPLE)}`,
      properties: { total: n, currency: 'EUR' },
    }));
    await pause(start + (call * CALL * 1_000) / EVENTS_PER_S - Date.now());
    answers.push(world.events.take(APP, events));
  }
  await Promise.all(answers);
  while (watch.events < calls * CALL) await pause(5);
}

/** All events are there before the owner starts. */
async function eventsAtFullSpeed(world: World, watch: Watch): Promise<Measured> {
  await world.rest();
  const count = 60_000;
  for (let call = 0; call < count / CALL; call += 1) {
    const events = Array.from({ length: CALL }, (_, n) => ({
      name: eventName(call * CALL + n),
      external_id: `user-${1 + ((call * CALL + n * 7919) % PEOPLE)}`,
      properties: { total: n, currency: 'EUR' },
    }));
    await world.events.take(APP, events);
  }
  return measured(world, watch, count, () => watch.events);
}

/** From the moment that the owner starts until it has done `count`. */
async function measured(world: World, watch: Watch, count: number, done: () => number): Promise<Measured> {
  watch.clear();
  const start = performance.now();
  const readCpu = await startCpuMeter(world.database);
  await world.work();
  while (done() < count) await pause(5);
  return {
    rate: (count / (performance.now() - start)) * 1_000,
    cpuEach: (await readCpu()) / count,
  };
}

export const lanes: Benchmark = {
  about:
    'custom events through the inbox into journeys, and journey timers while a million others wait, beside bare batched INSERT and DELETE of inbox rows',
  async run(bench) {
    const watch = new Watch();
    const world = await makeWorld(bench, (database) => watch.over(database));
    await makePeople(world.database, APP, PEOPLE);
    for (let n = 0; n < JOURNEYS; n += 1) await world.activate(eventName(n), [wait(YEAR), send]);
    const timed = [
      await world.activate('by-timer-1', [wait(60), send, wait(YEAR)]),
      await world.activate('by-timer-2', [wait(60), wait(YEAR)]),
    ];
    await makeRuns(
      world.database,
      timed[0] ?? '',
      bench.number('waiting', WAITING),
      Date.now() + 86_400_000,
      86_400_000,
    );
    await settle(world.database);
    await world.work();

    return medianOf(ROUNDS, async (round) => {
      const inserts = await bareInsertRate(world.database, 60_000, CALL);
      const deletes = await bareDeleteRate(world.database, 60_000, CALL);
      const baseline = 1 / (1 / inserts + 1 / deletes);
      const timers = await timersAtFullSpeed(world, watch, timed);
      const statements = watch.statements;
      await timersAtAPace(world, watch, timed);
      const latenesses = [...watch.latenesses];
      const drained = await eventsAtFullSpeed(world, watch);
      await eventsAtAPace(world, watch);
      const lags = [...watch.lags];
      const figures: Figures = {
        rate_per_s: timers.rate,
        cpu_us_per_step: timers.cpuEach,
        statements_per_100: (statements / DUE) * 100,
        p50_lateness_ms: percentile(latenesses, 0.5),
        p99_lateness_ms: percentile(latenesses, 0.99),
        events_drained_per_s: drained.rate,
        cpu_us_per_drained_event: drained.cpuEach,
        p50_ms: percentile(lags, 0.5),
        p99_ms: percentile(lags, 0.99),
        bare_insert_per_s: inserts,
        bare_delete_per_s: deletes,
        ratio_to_baseline: timers.rate / baseline,
        peak_rss_mb: peakRssMb(),
      };
      bench.say(
        `round ${round + 1}: ${JSON.stringify(figures, (_, v: unknown) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v))}`,
      );
      return figures;
    });
  },
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)));
}
