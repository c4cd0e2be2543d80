import { carillon, postgres } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import type pg from 'pg';
import type { Bench, Benchmark, Figures } from '../benchmark.ts';
import { followBare } from '../connector/bare-follower.ts';
import { dropSlot, Following, makeVersions, versionsConnector } from '../connector/follow.ts';
import { inPace } from '../connector/in-pace.ts';
import { PromptSink } from '../connector/prompt-sink.ts';
import { peakRssMb, percentile } from '../figures.ts';

const PER_SECOND = 200;
const SECONDS = 20;
const USERS = 10_000;
const WARM_UP_SECONDS = 2;
/** What is not there after so long is lost. */
const SETTLE_MS = 20_000;

export const connectorLatency: Benchmark = {
  about:
    'from the commit of a row to the acknowledgement of the target, which answers at once: the connector with everything on the disk, beside a follower that keeps nothing (--per-second N, --seconds N, --users N)',
  async run(bench) {
    const { url } = await bench.database();
    const pool = await makeVersions(bench, url, bench.number('users', USERS));
    const own = await measure(bench, pool, 'connector', async (sink) => {
      const connector = await versionsConnector(bench, 'bench_latency', {
        source: postgres({ url, changes: 'cdc' }),
        target: carillon({ url: sink.url, appId: 'app', apiKey: 'key' }),
      });
      const following = new Following(connector);
      await following.isThrough();
      return async () => {
        await following.stop();
        await dropSlot(pool, 'carillon_bench_latency');
      };
    });
    const bare = await measure(bench, pool, 'bare', async (sink) => {
      const stop = await followBare(url, 'bench_bare', sink.url);
      return async () => {
        await stop();
        await dropSlot(pool, 'bench_bare');
      };
    });
    if (own.lost > 0) bench.broken('not every change was acknowledged');
    return {
      p50_ms: own.p50,
      p99_ms: own.p99,
      bare_p50_ms: bare.p50,
      bare_p99_ms: bare.p99,
      bare_lost: bare.lost,
      rate_per_s: own.rate,
      peak_rss_mb: peakRssMb(),
    };
  },
};

/** Follows, commits changes at the pace, and says how long each took to be acknowledged. */
async function measure(
  bench: Bench,
  pool: pg.Pool,
  name: string,
  start: (sink: PromptSink) => Promise<() => Promise<void>>,
): Promise<{ p50: number; p99: number; rate: number; lost: number } & Figures> {
  const perSecond = bench.number('per-second', PER_SECOND);
  const count = perSecond * bench.number('seconds', SECONDS);
  const users = bench.number('users', USERS);
  const sink = new PromptSink();
  await sink.start();
  const stop = await start(sink);
  try {
    const commit = async (n: number) => {
      const version = `${name}-${n}`;
      await pool.query('UPDATE customers SET version = $2 WHERE id = $1', [1 + (n % users), version]);
      committed.set(version, performance.now());
    };
    const committed = new Map<string, number>();
    await inPace(perSecond, perSecond * WARM_UP_SECONDS, (n) => commit(count + n));
    committed.clear();
    const began = performance.now();
    await inPace(perSecond, count, commit);
    const rate = (count / (performance.now() - began)) * 1000;
    const all = () => [...committed.keys()].every((version) => sink.acknowledged.has(version));
    await until('every change is acknowledged', all, SETTLE_MS).catch(() => undefined);
    const took = [...committed].flatMap(([version, at]) => {
      const acknowledged = sink.acknowledged.get(version);
      // A target may be told before the writer hears that its commit is done.
      return acknowledged === undefined ? [] : [Math.max(0, acknowledged - at)];
    });
    const lost = committed.size - took.length;
    const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)];
    if (lost > 0) bench.say(`${name}: ${lost} changes were never acknowledged`);
    bench.say(`${name}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms at ${rate.toFixed(0)} commits/s`);
    return { p50, p99, rate, lost };
  } finally {
    await stop();
    await sink.stop();
  }
}
