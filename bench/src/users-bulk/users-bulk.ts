import { findBrokenRules } from '@carillon/server';
import type { Benchmark } from '../benchmark.ts';
import { cpuOf } from '../cpu.ts';
import { startPlatform } from '../platform/start-platform.ts';
import type { Platform } from '../platform/start-platform.ts';
import { bareCopyRate } from './bare-copy-store.ts';
import { lineOf, person, pieces } from './people.ts';
import { sendBulk } from './send.ts';

const USERS = 1_000_000;
/** Before anything is measured: plans, compiled code, pages of the database. */
const WARM = 20_000;

export const usersBulk: Benchmark = {
  about:
    'users with five tags and an email address each, in one bulk request over HTTP: a first load, the same again with one in five changed; beside bare COPY of the same rows into four tables without keys (--users N for fewer)',
  async run(bench) {
    const users = bench.number('users', USERS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    await sendBulk(
      platform,
      pieces(WARM, (n) => lineOf(person(users + n))),
    );
    const rssBefore = await platform.peakRssMb();

    const bare = await bareCopyRate(database, users);
    bench.say(`bare COPY: ${bare.toFixed(0)} users/s`);
    const first = await measure(platform, users, false);
    if (first.summary.created !== users) bench.broken(`created ${first.summary.created} of ${users}`);
    bench.say(`first load: ${first.rate.toFixed(0)} users/s, server ${first.serverUs.toFixed(0)} µs a user`);
    const rssAfter = await platform.peakRssMb();
    const again = await measure(platform, users, true);
    const changed = Math.ceil(users / 5);
    bench.say(
      `again, ${again.summary.updated} changed: ${again.rate.toFixed(0)} users/s, server ${again.serverUs.toFixed(0)} µs a user`,
    );
    // Some of those that should change have that value already.
    if (again.summary.updated > changed || again.summary.rejected > 0 || again.summary.created > 0) {
      bench.broken(`the second sync: ${JSON.stringify(again.summary)}`);
    }
    for (const { rule, rows } of await findBrokenRules(database, platform.appId)) {
      bench.broken(`${rows} rows: ${rule}`);
    }
    return {
      rate_per_s: first.rate,
      ratio_to_baseline: first.rate / bare,
      resync_rate_per_s: again.rate,
      bare_copy_per_s: bare,
      users,
      server_cpu_us: first.serverUs,
      peak_rss_mb: await platform.peakRssMb(),
      rss_mb_before: rssBefore,
      rss_mb_growth: rssAfter - rssBefore,
    };
  },
};

async function measure(platform: Platform, users: number, changed: boolean) {
  const cpu = await cpuOf(platform.pid);
  const start = performance.now();
  const summary = await sendBulk(
    platform,
    pieces(users, (n) => lineOf(person(n, changed))),
  );
  const rate = (users / (performance.now() - start)) * 1_000;
  return { summary, rate, serverUs: ((await cpuOf(platform.pid)) - cpu) / users };
}
