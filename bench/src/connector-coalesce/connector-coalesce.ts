import { carillon, onesignal, postgres } from '@carillon/connector';
import { until } from '@carillon/test-kit';
import type pg from 'pg';
import type { Bench, Benchmark } from '../benchmark.ts';
import { followBare } from '../connector/bare-follower.ts';
import { dropSlot, Following, makeVersions, versionsConnector } from '../connector/follow.ts';
import { inPace } from '../connector/in-pace.ts';
import { PromptSink } from '../connector/prompt-sink.ts';

const UPDATES = 1000;
const SECONDS = 10;
const USERS = 100;

export const connectorCoalesce: Benchmark = {
  about:
    'requests that one user costs whose row changes all the time, at either kind of target, and whether the last state arrives; beside a follower that gathers for 10 ms (--updates N, --seconds N)',
  async run(bench) {
    const { url } = await bench.database();
    const pool = await makeVersions(bench, url, USERS);
    const to = (kind: 'carillon' | 'onesignal') => async (sink: PromptSink) => {
      const name = `bench_coalesce_${kind}`;
      const address = { url: sink.url, appId: 'app', apiKey: 'key' };
      const target = kind === 'carillon' ? carillon(address) : onesignal({ ...address, plan: 'enterprise' });
      const connector = await versionsConnector(bench, name, {
        source: postgres({ url, changes: 'cdc' }),
        target,
      });
      const following = new Following(connector);
      await following.isThrough();
      return async () => {
        await following.stop();
        await dropSlot(pool, `carillon_${name}`);
      };
    };
    const carillonRequests = await countRequests(bench, pool, 'carillon', to('carillon'));
    const onesignalRequests = await countRequests(bench, pool, 'onesignal', to('onesignal'));
    const bare = await countRequests(bench, pool, 'bare', async (sink) => {
      const stop = await followBare(url, 'bench_coalesce_bare', sink.url);
      return async () => {
        await stop();
        await dropSlot(pool, 'bench_coalesce_bare');
      };
    });
    const most = bench.number('seconds', SECONDS) + 1;
    for (const [kind, count] of Object.entries({ carillonRequests, onesignalRequests })) {
      if (count > most) bench.broken(`${kind}: ${count}, more than ${most}`);
    }
    return {
      requests: carillonRequests,
      onesignal_requests: onesignalRequests,
      bare_requests: bare,
      ratio_to_baseline: bare / carillonRequests,
      updates: bench.number('updates', UPDATES),
    };
  },
};

/** Changes one user at an even pace, and counts the requests until the target has the last version. */
async function countRequests(
  bench: Bench,
  pool: pg.Pool,
  name: string,
  start: (sink: PromptSink) => Promise<() => Promise<void>>,
): Promise<number> {
  const updates = bench.number('updates', UPDATES);
  const perSecond = updates / bench.number('seconds', SECONDS);
  const sink = new PromptSink();
  await sink.start();
  const stop = await start(sink);
  try {
    await until('the target is quiet', async () => isQuiet(sink));
    const before = sink.requests;
    await inPace(perSecond, updates, async (n) => {
      await pool.query('UPDATE customers SET version = $1 WHERE id = 1', [`${name}-${n}`]);
    });
    // Commits of one row may pass each other.
    const { rows } = await pool.query<{ version: string }>('SELECT version FROM customers WHERE id = 1');
    const last = rows[0]?.version ?? '';
    await until('the last version is there', () => sink.lastVersion === last).catch(() =>
      bench.broken(`${name}: the target has ${String(sink.lastVersion)}, the row ${last}`),
    );
    await until('the target is quiet', async () => isQuiet(sink));
    const requests = sink.requests - before;
    bench.say(`${name}: ${updates} updates of one user became ${requests} requests`);
    return requests;
  } finally {
    await stop();
    await sink.stop();
  }
}

/** For longer than a user rests. */
const QUIET_MS = 1500;

async function isQuiet(sink: PromptSink): Promise<boolean> {
  const before = sink.requests;
  await new Promise((resolve) => void setTimeout(resolve, QUIET_MS));
  return sink.requests === before;
}
