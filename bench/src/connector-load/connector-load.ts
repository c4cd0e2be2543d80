import { onesignal } from '@carillon/connector';
import { Pool } from 'undici';
import type { Benchmark } from '../benchmark.ts';
import { connectorOf, makeCustomers, syncOnce } from '../connector/customers.ts';
import { peakRssMb } from '../figures.ts';
import { startFake } from './start-fake.ts';
import type { RunningFake } from './start-fake.ts';

const USERS = 100_000;
const DELAY_MS = 20;
/** Users of the loop that sends one after the other. */
const NAIVE = 200;
/** The limit is not what is measured here. */
const RATE = 50_000;

export const connectorLoad: Benchmark = {
  about:
    'a first load by the connector, PostgreSQL to a server that takes one user a request: with 20 ms and with 0 ms an answer, beside a loop that sends one after the other (--users N for fewer)',
  async run(bench) {
    const users = bench.number('users', USERS);
    const { database, url } = await bench.database();
    await makeCustomers(database, users);
    const fake = await startFake(bench, RATE);
    const rounds: Record<string, number> = {};
    for (const delay of [DELAY_MS, 0]) {
      await fake.reset();
      await fake.delay(delay);
      const naive = await naiveRate(fake);
      await fake.reset();
      await fake.delay(delay);
      const { appId, apiKey, url: fakeUrl } = fake;
      const target = onesignal({ url: fakeUrl, appId, apiKey, plan: 'enterprise', rates: { users: RATE } });
      const sync = await syncOnce(await connectorOf(bench, url, target));
      const { users: arrived, violations } = await fake.counts();
      if (arrived !== users || sync.users !== users) bench.broken(`${arrived} of ${users} users arrived`);
      if (violations.length > 0) bench.broken(`violations: ${JSON.stringify(violations)}`);
      bench.say(
        `${delay} ms: ${sync.rate.toFixed(0)} users/s, the loop ${naive.toFixed(0)}/s; ${sync.cpuUs.toFixed(0)} µs of CPU a user`,
      );
      const name = delay === 0 ? '_0ms' : '';
      rounds[`rate${name}_per_s`] = sync.rate;
      rounds[`loop${name}_per_s`] = naive;
      rounds[`ratio_to_loop${name}`] = sync.rate / naive;
      rounds[`cpu${name}_us_per_user`] = sync.cpuUs;
    }
    return { ...rounds, ratio_to_baseline: rounds['ratio_to_loop'] ?? 0, users, peak_rss_mb: peakRssMb() };
  },
};

/** What a script does: one request, one answer, the next one. */
async function naiveRate({ url, appId, apiKey }: RunningFake): Promise<number> {
  const pool = new Pool(url, { connections: 1 });
  const headers = { authorization: `Key ${apiKey}`, 'content-type': 'application/json' };
  const start = performance.now();
  for (let n = 0; n < NAIVE; n += 1) {
    const body = JSON.stringify({
      identity: { external_id: `loop-${n}` },
      properties: { tags: { name: 'x', plan: 'gold' }, language: 'nl' },
      subscriptions: [{ type: 'Email', token: `loop${n}@example.com` }],
    });
    const { body: answer } = await pool.request({
      method: 'POST',
      path: `/apps/${appId}/users`,
      headers,
      body,
    });
    await answer.text();
  }
  const rate = (NAIVE / (performance.now() - start)) * 1000;
  await pool.close();
  return rate;
}
