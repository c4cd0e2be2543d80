import type { Database } from '@carillon/server';
import type { Bench, Benchmark } from '../benchmark.ts';
import { startCpuMeter, cpuOf } from '../cpu.ts';
import { medianOf, percentile } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { bareSchedule } from './bare-schedule-store.ts';
import {
  commitsOf,
  contentOf,
  latenessOf,
  leftBefore,
  numberSubscriptions,
  schedule,
  settle,
} from './schedule-store.ts';

/** Messages that wait for tomorrow: `--waiting N`, of `--apps N` apps. */
const WAITING = 1_000_000;
const APPS = 1;
const USERS = 20_000;
const ROUNDS = 3;
/** Of these nothing is due. */
const IDLE_SECONDS = 10;
/** At a steady pace: `--rate N` a second, for `--seconds N`. */
const RATE = 2_000;
const SECONDS = 5;
/** All at the same moment: how fast it goes at the most. */
const BURST = 20_000;
const DAY_MS = 86_400_000;

export const schedules: Benchmark = {
  about:
    'messages for one recipient each that come due while a million others wait for tomorrow, into an account that drops every mail; beside a bare loop of SELECT and UPDATE over as many rows',
  async run(bench) {
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const contentId = await prepare(bench, database, platform);
    const before = await idle(database, platform);
    bench.say(`idle, nothing waiting: ${tell(before)}`);

    const waiting = bench.number('waiting', WAITING);
    const apps = Array.from({ length: bench.number('apps', APPS) - 1 }, () => crypto.randomUUID());
    const all = { apps: [platform.appId, ...apps], contentId };
    await schedule(database, { ...all, count: waiting, from: Date.now() + DAY_MS, everyMs: 1 });
    await settle(database);
    const after = await idle(database, platform);
    bench.say(`idle, ${waiting} waiting of ${apps.length + 1} apps: ${tell(after)}`);

    const due = { apps: [platform.appId], contentId };
    const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const paced = await atAPace(bench, database, due);
      const rate_per_s = await allAtOnce(bench, database, due);
      const bare_per_s = await bareSchedule(database, waiting, BURST);
      bench.say(
        `round ${round + 1}: late p50 ${paced.p50.toFixed(1)} ms, p99 ${paced.p99.toFixed(1)} ms; all at once ${rate_per_s.toFixed(0)}/s; bare loop ${bare_per_s.toFixed(0)}/s`,
      );
      return {
        rate_per_s,
        ratio_to_baseline: rate_per_s / bare_per_s,
        bare_per_s,
        p50_ms: paced.p50,
        p99_lateness_ms: paced.p99,
      };
    });
    return {
      ...figures,
      idle_cpu_percent: after.cpuPercent,
      idle_commits_per_s: after.commits,
      idle_empty_cpu_percent: before.cpuPercent,
      idle_empty_commits_per_s: before.commits,
      idle_empty_rss_mb: before.rssMb,
      peak_rss_mb: await platform.peakRssMb(),
    };
  },
};

/** People, an account that drops mails, and a content, which a message to the first of them leaves behind. */
async function prepare(bench: Bench, database: Database, platform: Platform): Promise<string> {
  const call = callPlatform(platform);
  bench.afterwards(() => call.close());
  const { appId } = platform;
  await fillAudience(database, appId, USERS);
  await numberSubscriptions(database, appId);
  await call('PUT', `/apps/${appId}/channels/email`, { kind: 'null' });
  await call('POST', '/notifications', {
    app_id: appId,
    target_channel: 'email',
    include_aliases: { external_id: ['user-1'] },
    email_subject: 'It is time, {{ first_name }}',
    email_body: '<html><body><p>Hello {{ first_name }}, you asked to be reminded.</p></body></html>',
  });
  return contentOf(database, appId);
}

interface Idle {
  /** Of one core: the platform's process and its database's backends. */
  readonly cpuPercent: number;
  readonly commits: number;
  readonly rssMb: number;
}

async function idle(database: Database, platform: Platform): Promise<Idle> {
  await pause(2_000);
  const commits = await commitsOf(database);
  const own = await cpuOf(platform.pid);
  const readCpu = await startCpuMeter(database);
  const from = performance.now();
  await pause(IDLE_SECONDS * 1_000);
  const seconds = (performance.now() - from) / 1_000;
  // The meter counts this process too, which only waits.
  const spent = (await cpuOf(platform.pid)) - own + (await readCpu());
  return {
    cpuPercent: spent / seconds / 10_000,
    commits: ((await commitsOf(database)) - commits) / seconds,
    rssMb: await platform.rssMb(),
  };
}

type Due = Pick<Parameters<typeof schedule>[1], 'apps' | 'contentId'>;

/** Enough to insert them before the first is due. */
const AHEAD_MS = 4_000;

async function atAPace(bench: Bench, database: Database, due: Due): Promise<{ p50: number; p99: number }> {
  const rate = bench.number('rate', RATE);
  const count = rate * bench.number('seconds', SECONDS);
  const from = Date.now() + AHEAD_MS;
  await schedule(database, { ...due, count, from, everyMs: 1_000 / rate });
  const late = (await delivered(bench, database, due, { from, count, everyMs: 1_000 / rate })).map(
    ({ ms }) => ms,
  );
  return { p50: percentile(late, 0.5), p99: percentile(late, 0.99) };
}

/** Messages a second, from the moment at which all of them are due. */
async function allAtOnce(bench: Bench, database: Database, due: Due): Promise<number> {
  const from = Date.now() + AHEAD_MS;
  await schedule(database, { ...due, count: BURST, from, everyMs: 0 });
  const done = await delivered(bench, database, due, { from, count: BURST, everyMs: 0 });
  return (BURST / (Math.max(...done.map(({ at }) => at)) - from)) * 1_000;
}

/** Waits until nobody is left of them, at first without asking a database that is busy with them. */
async function delivered(
  bench: Bench,
  database: Database,
  { apps }: Due,
  { from, count, everyMs }: { readonly from: number; readonly count: number; readonly everyMs: number },
) {
  const to = from + count * everyMs + 1;
  await pause(to - Date.now() + 500);
  while ((await leftBefore(database, to)) > 0) await pause(500);
  const found = await latenessOf(database, apps, from, to);
  if (found.length !== count)
    bench.broken(`${count} messages were due, ${found.length} have a row in the ledger`);
  return found;
}

function tell({ cpuPercent, commits, rssMb }: Idle): string {
  return `${cpuPercent.toFixed(2)} % of a core, ${commits.toFixed(1)} commits a second, ${rssMb.toFixed(0)} MB`;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, ms)));
}
