import { createTransport } from 'nodemailer';
import type { Benchmark } from '../benchmark.ts';
import { medianOf, percentile } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { besideBroadcast } from './beside-broadcast.ts';
import { listenForArrivals } from './arrivals.ts';
import type { Arrivals } from './arrivals.ts';

const USERS = 10_000;
/** Calls a second, from an open loop: each leaves at its time, whatever became of the others. */
const RATES = [100, 300] as const;
const SECONDS = 5;
const ROUNDS = 3;

const SUBJECT = 'Receipt {{ message.custom_data.order }}';
const BODY =
  '<html><body><p>Thank you, {{ first_name }}. Your order {{ message.custom_data.order }} is paid.</p></body></html>';

export const transactional: Benchmark = {
  about: `one email a call, from the call to its arrival at a mail server in this process, at ${RATES.join(' and ')} calls a second; beside bare nodemailer at the same pace, and while another app of the server sends to a million`,
  async run(bench) {
    const { database, url } = await bench.database();
    const arrivals = await listenForArrivals();
    bench.afterwards(() => arrivals.close());
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    const { appId } = platform;
    await fillAudience(database, appId, USERS);
    const account = {
      kind: 'smtp',
      host: '127.0.0.1',
      port: arrivals.port,
      security: 'none',
      connections: 10,
    };
    const from = { from_name: 'Tea', from_address: 'hello@tea.example' };
    await call('PUT', `/apps/${appId}/channels/email`, { ...account, ...from });
    const template = await call<{ id: string }>('POST', '/templates', {
      app_id: appId,
      name: 'receipt',
      isEmail: true,
      email_subject: SUBJECT,
      email_body: BODY,
    });
    const send = (n: number) =>
      call('POST', '/notifications', {
        app_id: appId,
        target_channel: 'email',
        include_aliases: { external_id: [`user-${n}`] },
        template_id: template.id,
        custom_data: { order: n },
      });
    // A server that has run for a while: its code compiled, its plans made, its connections open.
    for (const rate of RATES) await paced(rate, 5, arrivals, send);
    const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const result: Record<string, number> = {};
      for (const rate of RATES) {
        const bare = await bareMails(rate, arrivals);
        const ours = await paced(rate, SECONDS, arrivals, send);
        bench.say(`round ${round + 1}, ${rate}/s: ${line(ours)}; bare nodemailer ${line(bare)}`);
        const suffix = rate === RATES[0] ? '' : `_at_${rate}`;
        Object.assign(result, {
          [`p50_ms${suffix}`]: ours.p50,
          [`p99_ms${suffix}`]: ours.p99,
          [`bare_p50_ms${suffix}`]: bare.p50,
          [`bare_p99_ms${suffix}`]: bare.p99,
        });
      }
      return result;
    });
    const beside = await besideBroadcast(bench, database, platform, () =>
      latenciesAt(RATES[0], SECONDS, arrivals, send),
    );
    return { ...figures, ...beside, peak_rss_mb: await platform.peakRssMb() };
  },
};

interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Sends at a pace and waits for every mail: milliseconds from the planned moment of the call to the arrival. */
async function paced(
  rate: number,
  seconds: number,
  arrivals: Arrivals,
  send: (n: number) => Promise<unknown>,
): Promise<Latency> {
  const latencies = await latenciesAt(rate, seconds, arrivals, send);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

async function latenciesAt(
  rate: number,
  seconds: number,
  arrivals: Arrivals,
  send: (n: number) => Promise<unknown>,
): Promise<number[]> {
  arrivals.forget();
  const count = rate * seconds;
  const start = performance.now() + 50;
  const planned = (index: number) => start + (index * 1_000) / rate;
  const calls: Promise<unknown>[] = [];
  for (let index = 0; index < count;) {
    while (index < count && planned(index) <= performance.now()) {
      index += 1;
      calls.push(send(index));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(calls);
  while (arrivals.at.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return Array.from(
    { length: count },
    (_, index) => (arrivals.at.get(`user-${index + 1}@example.com`) ?? Infinity) - planned(index),
  );
}

/** The same mails straight through nodemailer: no API, no database, no ledger. */
async function bareMails(rate: number, arrivals: Arrivals): Promise<Latency> {
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port: arrivals.port,
    ignoreTLS: true,
    maxConnections: 10,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const html = BODY.replaceAll(/\{\{.*?\}\}/g, 'words');
  const from = 'hello@tea.example';
  const send = (n: number) =>
    transport.sendMail({ from, to: `user-${n}@example.com`, subject: 'Receipt', html, text: 'Thank you.' });
  const latency = await paced(rate, SECONDS, arrivals, send);
  transport.close();
  return latency;
}

function line({ p50, p99 }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}
