import { Database, findBrokenRules } from '@carillon/server';
import type { Queryable } from '@carillon/server';
import type { TestDatabase } from '@carillon/test-kit';
import type { Bench, Benchmark, Figures } from '../benchmark.ts';
import { cpuOf, startCpuMeter } from '../cpu.ts';
import { medianOf } from '../figures.ts';
import { startAnother, startPlatform } from '../platform/start-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { bareInserts } from './bare-insert-store.ts';
import { load } from './load.ts';
import type { Load } from './load.ts';
import { Requests } from './requests.ts';

const CONNECTIONS = 100;
const BARE_CLIENTS = 32;
const ROUNDS = 3;
const SECONDS = 4;
const WARM_SECONDS = 3;
/** Names and addresses that two servers fight for. */
const HOT = 400;

export const usersApi: Benchmark = {
  about: `users over HTTP, one a request, ${CONNECTIONS} at once: created with an external_id, five tags and an email address, updated, viewed; beside a bare one-row INSERT loop; then two servers that fight for ${HOT} names and ${HOT} addresses`,
  async run(bench) {
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const bare = new Database({ url, connections: BARE_CLIENTS, applicationName: 'bare inserts' });
    bench.afterwards(() => bare.end());
    const requests = new Requests(platform);
    const kinds = {
      create: () => requests.create(),
      update: () => requests.update(),
      view: () => requests.view(),
    };
    const run = (next: () => string, seconds: number) =>
      load({ urls: [platform.url], connections: CONNECTIONS, seconds, next });
    for (const next of Object.values(kinds)) await run(next, WARM_SECONDS);

    const figures = await medianOf(ROUNDS, async (round) => {
      const bareRate = await bareInserts(bare, BARE_CLIENTS, SECONDS);
      bench.say(`round ${round + 1}: bare INSERT ${bareRate.toFixed(0)}/s`);
      const result: Record<string, number> = { bare_insert_per_s: bareRate };
      for (const [kind, next] of Object.entries(kinds)) {
        const prefix = kind === 'create' ? '' : `${kind}_`;
        const measured = await measure(platform, database, () => run(next, SECONDS));
        bench.say(`round ${round + 1}: ${kind} ${line(measured)}`);
        Object.assign(result, {
          [`${prefix}rate_per_s`]: measured.rate,
          [`${prefix}p50_ms`]: measured.p50,
          [`${prefix}p99_ms`]: measured.p99,
          [`${prefix}ratio_to_baseline`]: measured.rate / bareRate,
          [`${prefix}load_cpu_us`]: measured.ownUs,
          [`${prefix}server_cpu_us`]: measured.serverUs,
          [`${prefix}database_cpu_us`]: measured.databaseUs,
        });
      }
      return result;
    });
    return {
      ...figures,
      ...(await fight(bench, { url, database }, platform, requests)),
      peak_rss_mb: await platform.peakRssMb(),
    };
  },
};

interface Measured extends Load {
  /** Microseconds of CPU a request: of this process, which makes the load, the server's, the database's. */
  readonly ownUs: number;
  readonly serverUs: number;
  readonly databaseUs: number;
}

async function measure(platform: Platform, database: Queryable, run: () => Promise<Load>): Promise<Measured> {
  const own = process.cpuUsage();
  const server = await cpuOf(platform.pid);
  const stop = await startCpuMeter(database);
  const result = await run();
  const all = await stop();
  const { user, system } = process.cpuUsage(own);
  return {
    ...result,
    ownUs: (user + system) / result.requests,
    serverUs: ((await cpuOf(platform.pid)) - server) / result.requests,
    databaseUs: (all - user - system) / result.requests,
  };
}

/** Two servers, everybody wanting the same: afterwards no row may disagree with another. */
async function fight(
  bench: Bench,
  { url, database }: Pick<TestDatabase, 'url' | 'database'>,
  platform: Platform,
  requests: Requests,
): Promise<Figures> {
  const other = await startAnother(bench, url, platform);
  const both = await load({
    urls: [platform.url, other.url],
    connections: CONNECTIONS,
    seconds: SECONDS,
    next: () => requests.createHot(HOT),
  });
  const rules = await findBrokenRules(database, platform.appId);
  for (const { rule, rows } of rules) bench.broken(`${rows} rows: ${rule}`);
  bench.say(`two servers, ${HOT} names and addresses: ${both.rate.toFixed(0)}/s`);
  return {
    hot_rate_per_s: both.rate,
    hot_p50_ms: both.p50,
    hot_p99_ms: both.p99,
    wrong_rows: rules.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function line({ rate, p50, p99, ownUs, serverUs, databaseUs }: Measured): string {
  return `${rate.toFixed(0)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; CPU a request: load ${ownUs.toFixed(0)} µs, server ${serverUs.toFixed(0)} µs, database ${databaseUs.toFixed(0)} µs`;
}
