import { carillon, postgres } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import type { Bench, Benchmark } from '../benchmark.ts';
import { Following, makeVersions, versionsConnector } from '../connector/follow.ts';
import { PromptSink } from '../connector/prompt-sink.ts';
import { peakRssMb } from '../figures.ts';
import { makeReader } from './reader-role.ts';
import { pollBare } from './poll-bare.ts';
import { writeFor } from './writers.ts';

const SECONDS = 600;
const WRITERS = 16;
const LONGEST_MS = 300;
/** Transactions that a writer ends in a second, at the most: each has a row of its own. */
const ROWS_PER_SECOND = 12;
const SPARE_ROWS = 100;

export const connectorHoles: Benchmark = {
  about:
    'changes found by the time of the change while transactions stay open: how many the connector never finds, by a login that sees the open transactions and by one that only looks back; beside a poll for what is newer than the last (--seconds N, --writers N, --longest-ms N)',
  async run(bench) {
    const seconds = bench.number('seconds', SECONDS);
    const writers = bench.number('writers', WRITERS);
    const rows = writers * (seconds * ROWS_PER_SECOND + SPARE_ROWS);
    const { url } = await bench.database();
    const pool = await makeVersions(bench, url, rows);
    const sees = await follow(bench, 'bench_holes_sees', url);
    const looksBack = await follow(bench, 'bench_holes_looks_back', await makeReader(bench, pool, url));
    const bare = await pollBare(url);
    const longestMs = bench.number('longest-ms', LONGEST_MS);
    const committed = await writeFor(pool, { seconds, writers, longestMs, rows });
    const lost = async (name: string, has: (version: string) => boolean) => {
      const missing = () => committed.filter((version) => !has(version)).length;
      // Whoever is there after this long was found; whatever is not will not be.
      await until(`${name} has everything`, () => missing() === 0, SETTLE_MS).catch(() => undefined);
      const count = missing();
      bench.say(`${name}: ${count} of ${committed.length} changes never seen`);
      return count;
    };
    const bareLost = await lost('a poll for what is newer', (version) => bare.seen.has(version));
    await bare.stop();
    const seesLost = await lost('seeing transactions', (version) => sees.sink.acknowledged.has(version));
    const backLost = await lost('looking back', (version) => looksBack.sink.acknowledged.has(version));
    for (const { following, sink } of [sees, looksBack]) {
      await following.stop();
      await sink.stop();
    }
    if (seesLost + backLost > 0) bench.broken(`${seesLost} and ${backLost} changes were lost`);
    if (bareLost === 0)
      bench.say('The poll has lost nothing either: this run was too short to show anything.');
    return {
      lost: seesLost,
      looking_back_lost: backLost,
      bare_lost: bareLost,
      bare_lost_share: bareLost / committed.length,
      changes: committed.length,
      peak_rss_mb: peakRssMb(),
    };
  },
};

const SETTLE_MS = 15_000;

async function follow(bench: Bench, name: string, url: string) {
  const sink = new PromptSink();
  await sink.start();
  const connector = await versionsConnector(bench, name, {
    // Nothing is found by comparing everything: what the cursor does not find is lost.
    source: postgres({ url, changes: 'cursor', overlap: '10s', reconcile: 'never' }),
    target: carillon({ url: sink.url, appId: 'app', apiKey: 'key' }),
  });
  const following = new Following(connector);
  await following.isThrough();
  return { following, sink };
}
