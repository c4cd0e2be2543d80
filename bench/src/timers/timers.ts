import { setTimeout as pause } from 'node:timers/promises';
import type { Benchmark, Figures } from '../benchmark.ts';
import { startCpuMeter } from '../cpu.ts';
import { medianOf, peakRssMb, percentile } from '../figures.ts';
import { makePeople, makeRuns, settle } from '../lanes/people-store.ts';
import { Watch } from '../lanes/watch.ts';
import { APP, makeWorld, send, wait } from '../lanes/world.ts';
import type { World } from '../lanes/world.ts';
import { bareTimerRate } from './bare-store.ts';

/** Runs that wait for another day while the others are fired; `--waiting N` makes it another number. */
const WAITING = 1_000_000;
/** Fired as fast as possible; `--due N`. */
const DUE = 100_000;
/** Due each second of the paced part; `--pace N`. */
const PACE = 10_000;
/** Seconds of the paced part; `--seconds N`. */
const SECONDS = 8;
const PEOPLE = 50_000;
const ROUNDS = 3;
const BATCH = 2_000;
const DAY_MS = 86_400_000;
const YEAR = 31_556_952;
const IDLE_MS = 4_000;

/** Runs of both journeys: every second one sends a message. */
async function addRuns(
  { database }: World,
  journeys: readonly string[],
  count: number,
  from: number,
  withinMs = 0,
): Promise<void> {
  for (const id of journeys) await makeRuns(database, id, count / journeys.length, from, withinMs);
  await settle(database);
}

export const timers: Benchmark = {
  about:
    'timers of journeys while a million runs wait: as fast as possible beside a loop of bare statements, at ten thousand a second, and idle',
  async run(bench) {
    const waiting = bench.number('waiting', WAITING);
    const due = bench.number('due', DUE);
    const pace = bench.number('pace', PACE);
    const seconds = bench.number('seconds', SECONDS);
    const watch = new Watch();
    const world = await makeWorld(bench, (database) => watch.over(database));
    await makePeople(world.database, APP, PEOPLE);
    const journeys = [
      await world.activate('timer-1', [wait(60), send, wait(YEAR)]),
      await world.activate('timer-2', [wait(60), wait(YEAR)]),
    ];
    await addRuns(world, journeys, waiting, Date.now() + 2 * DAY_MS, 30 * DAY_MS);

    return medianOf(bench.number('rounds', ROUNDS), async (round) => {
      await world.rest();
      await addRuns(world, journeys, due, Date.now());
      const bare = await bareTimerRate(world.database, BATCH);

      await addRuns(world, journeys, due, Date.now());
      watch.clear();
      const readCpu = await startCpuMeter(world.database);
      const start = performance.now();
      await world.work();
      while (watch.steps < due) await pause(5);
      const rate = (due / (performance.now() - start)) * 1_000;
      const cpuEach = (await readCpu()) / due;
      const statements = watch.statements;

      await addRuns(world, journeys, pace * seconds, Date.now() + 8_000, seconds * 1_000);
      watch.clear();
      while (watch.steps < pace * seconds) await pause(20);
      const latenesses = [...watch.latenesses];

      await pause(1_000);
      const readIdle = await startCpuMeter(world.database);
      const idleStart = performance.now();
      await pause(IDLE_MS);
      const idle = (await readIdle()) / ((performance.now() - idleStart) * 1_000);

      const figures: Figures = {
        rate_per_s: rate,
        cpu_us_per_step: cpuEach,
        statements_per_100: (statements / due) * 100,
        p50_lateness_ms: percentile(latenesses, 0.5),
        p99_lateness_ms: percentile(latenesses, 0.99),
        idle_cpu_percent: idle * 100,
        bare_per_s: bare,
        ratio_to_baseline: rate / bare,
        waiting,
        peak_rss_mb: peakRssMb(),
      };
      bench.say(
        `round ${round + 1}: ${JSON.stringify(figures, (_, v: unknown) => (typeof v === 'number' ? Math.round(v * 100) / 100 : v))}`,
      );
      return figures;
    });
  },
};
