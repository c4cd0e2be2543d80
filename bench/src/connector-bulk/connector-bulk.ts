import { carillon } from '@carillon/connector';
import type { Benchmark } from '../benchmark.ts';
import { startNullSink } from '../connector/null-sink.ts';
import { connectorOf, makeCustomers, syncOnce } from '../connector/customers.ts';
import { peakRssMb } from '../figures.ts';
import { startPlatform } from '../platform/start-platform.ts';

const USERS = 1_000_000;

export const connectorBulk: Benchmark = {
  about:
    'a first load by the connector in bulk, PostgreSQL to Carillon, and beside it to a sink that takes everything and does nothing (--users N for fewer)',
  async run(bench) {
    const users = bench.number('users', USERS);
    const shop = await bench.database();
    await makeCustomers(shop.database, users);
    const sink = carillon({ url: await startNullSink(bench), appId: 'app', apiKey: 'key' });
    const alone = await syncOnce(await connectorOf(bench, shop.url, sink));
    bench.say(`to the sink: ${alone.rate.toFixed(0)} users/s, ${alone.cpuUs.toFixed(0)} µs of CPU a user`);
    const { url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const target = carillon({ url: platform.url, appId: platform.appId, apiKey: platform.appKey });
    const whole = await syncOnce(await connectorOf(bench, shop.url, target));
    bench.say(`to Carillon: ${whole.rate.toFixed(0)} users/s, ${whole.cpuUs.toFixed(0)} µs of CPU a user`);
    for (const { users: sent, rejected } of [alone, whole]) {
      if (sent !== users || rejected > 0)
        bench.broken(`${sent} of ${users} were taken, ${rejected} rejected`);
    }
    return {
      rate_per_s: whole.rate,
      sink_rate_per_s: alone.rate,
      ratio_to_baseline: whole.rate / alone.rate,
      cpu_us_per_user: whole.cpuUs,
      sink_cpu_us_per_user: alone.cpuUs,
      users,
      peak_rss_mb: peakRssMb(),
    };
  },
};
