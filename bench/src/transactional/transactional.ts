import { createTransport } from 'nodemailer';
import type { Benchmark } from '../benchmark.ts';
import { medianOf } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { barePushCalls } from './bare-push.ts';
import { besideBroadcast } from './beside-broadcast.ts';
import { listenForArrivals } from './arrivals.ts';
import type { Arrivals } from './arrivals.ts';
import { latenciesAt, line, paced } from './pace.ts';
import type { Calls, Latency } from './pace.ts';
import { pushCalls } from './push.ts';

const USERS = 10_000;
/** Calls a second. */
const RATES = [100, 300] as const;
/** Of pushes. */
const PUSH_RATE = 1_000;
const SECONDS = 5;
const ROUNDS = 3;

const SUBJECT = 'Receipt {{ message.custom_data.order }}';
const BODY =
  '<html><body><p>Thank you, {{ first_name }}. Your order {{ message.custom_data.order }} is paid.</p></body></html>';

export const transactional: Benchmark = {
  about: `one email a call, from the call to its arrival at a mail server in this process, at ${RATES.join(' and ')} calls a second, and one push a call at ${PUSH_RATE}; beside bare nodemailer, and beside a bare server that inserts a row and posts to the push service, at the same pace, and while another app of the server sends to a million`,
  async run(bench) {
    const { database, url } = await bench.database();
    const arrivals = await listenForArrivals();
    bench.afterwards(() => arrivals.close());
    const platform = await startPlatform(bench, url, { CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
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
    const mails = mailsTo(arrivals, (n) =>
      call('POST', '/notifications', {
        app_id: appId,
        target_channel: 'email',
        include_aliases: { external_id: [`user-${n}`] },
        template_id: template.id,
        custom_data: { order: n },
      }),
    );
    const { calls: pushes, origin } = await pushCalls(bench, platform, call, PUSH_RATE * SECONDS);
    const barePushes = await barePushCalls(bench, { database, url }, origin, pushes);
    // A server that has run for a while: its code compiled, its plans made, its connections open.
    for (const rate of RATES) await paced(rate, SECONDS, mails);
    await paced(PUSH_RATE, SECONDS, pushes);
    await paced(PUSH_RATE, SECONDS, barePushes);
    const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const result: Record<string, number> = {};
      for (const rate of RATES) {
        const bare = await bareMails(rate, arrivals);
        const ours = await paced(rate, SECONDS, mails);
        bench.say(`round ${round + 1}, ${rate}/s: ${line(ours)}; bare nodemailer ${line(bare)}`);
        const suffix = rate === RATES[0] ? '' : `_at_${rate}`;
        Object.assign(result, {
          [`p50_ms${suffix}`]: ours.p50,
          [`p99_ms${suffix}`]: ours.p99,
          [`bare_p50_ms${suffix}`]: bare.p50,
          [`bare_p99_ms${suffix}`]: bare.p99,
        });
      }
      const bare = await paced(PUSH_RATE, SECONDS, barePushes);
      const push = await paced(PUSH_RATE, SECONDS, pushes);
      bench.say(`round ${round + 1}, ${PUSH_RATE} pushes/s: ${line(push)}; bare ${line(bare)}`);
      Object.assign(result, {
        push_p50_ms_at_1000: push.p50,
        push_p99_ms_at_1000: push.p99,
        bare_push_p50_ms_at_1000: bare.p50,
        bare_push_p99_ms_at_1000: bare.p99,
      });
      return result;
    });
    const beside = await besideBroadcast(bench, database, platform, () =>
      latenciesAt(RATES[0], SECONDS, mails),
    );
    return { ...figures, ...beside, peak_rss_mb: await platform.peakRssMb() };
  },
};

function mailsTo({ at }: Arrivals, send: Calls['send']): Calls {
  return { at, send, addressOf: (n) => `user-${n}@example.com` };
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
  const latency = await paced(rate, SECONDS, mailsTo(arrivals, send));
  transport.close();
  return latency;
}
