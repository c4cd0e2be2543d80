import { randomBytes, randomUUID } from 'node:crypto';
import { EmailChannel, TokenSigner, Tracker, systemClock } from '@carillon/server';
import type { Envelope, RenderedEmail, SmtpSettings } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import { createTransport } from 'nodemailer';
import type { Benchmark, Figures } from '../benchmark.ts';
import { medianOf } from '../figures.ts';
import { sampleMail } from './sample-mail.ts';

const MAILS = 1_500;
const PAGE = 500;
const CONNECTIONS = 5;
const ROUNDS = 3;

const signer = new TokenSigner({ current: randomBytes(32), previous: [] });
const tracker = new Tracker({ publicUrl: () => 'https://mail.tea.example', signer });

/** Email through the channel, beside nodemailer with the same pool, in the same run. */
export const benchmark: Benchmark = {
  about: `${MAILS} mails of 35 KB over ${CONNECTIONS} connections to a mail server in another process, beside bare nodemailer`,
  async run(bench) {
    const receiver = new Child(new URL('./counting-process.ts', import.meta.url), []);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    await sendBare(port, 200);
    const figures = await medianOf(ROUNDS, async () => {
      const bare = await timed(() => sendBare(port, MAILS));
      const plain = await timed(() => sendByChannel(port, sampleMail(false)));
      const tracked = await timed(() => sendByChannel(port, sampleMail(true)));
      return {
        bare_per_s: MAILS / bare.wall,
        rate_per_s: MAILS / plain.wall,
        tracked_per_s: MAILS / tracked.wall,
        ratio_to_baseline: bare.wall / plain.wall,
        ratio_per_cpu: bare.cpu / plain.cpu,
        tracked_ratio_per_cpu: bare.cpu / tracked.cpu,
      };
    });
    return { ...figures, ...trackingCost() };
  },
};

async function timed(work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) / 1_000, cpu: (user + system) / 1e6 };
}

async function sendBare(port: number, mails: number): Promise<void> {
  const mail = sampleMail(false);
  const transport = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: CONNECTIONS,
    maxMessages: Number.POSITIVE_INFINITY,
  });
  const from = { name: mail.fromName ?? '', address: mail.fromAddress ?? '' };
  for (let sent = 0; sent < mails; sent += PAGE) {
    const page = Array.from({ length: Math.min(PAGE, mails - sent) }, (_, index) =>
      transport.sendMail({
        from,
        to: `anna${sent + index}@example.com`,
        subject: mail.subject,
        html: mail.html,
        text: mail.text ?? '',
        headers: { ...mail.headers },
      }),
    );
    await Promise.all(page);
  }
  transport.close();
}

async function sendByChannel(port: number, content: RenderedEmail): Promise<void> {
  const channel = new EmailChannel({ clock: systemClock, signer, messageIdDomain: 'tea.example', tracker });
  const settings: SmtpSettings = {
    kind: 'smtp',
    host: '127.0.0.1',
    port,
    security: 'none',
    user: null,
    password: null,
    connections: CONNECTIONS,
    fromName: '',
    fromAddress: 'hello@tea.example',
  };
  const messageId = randomUUID();
  for (let sent = 0; sent < MAILS; sent += PAGE) {
    const page = Array.from({ length: PAGE }, (_, index): Envelope<RenderedEmail> => {
      const recipient = { subscriptionId: randomUUID(), token: `anna${sent + index}@example.com` };
      return { messageId, lane: 1, recipient, content, attempt: 1 };
    });
    const outcomes = await channel.deliver({ key: 'bench', settings }, page);
    const failed = outcomes.find(({ state }) => state !== 'sent');
    if (failed !== undefined) throw new Error(`A mail was not sent: ${JSON.stringify(failed)}`);
  }
  await channel.close();
}

/** What rewriting the links and adding the pixel of one mail costs, in time of the CPU. */
function trackingCost(): Figures {
  const mail = sampleMail(true);
  const reference = { messageId: randomUUID(), subscriptionId: randomUUID(), lane: 1 };
  const rounds = 500;
  for (let round = 0; round < rounds; round += 1) tracker.track(reference, mail);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) tracker.track(reference, mail);
  const { user, system } = process.cpuUsage(before);
  const microseconds = (user + system) / rounds;
  const links = mail.html.split('<a ').length - 1;
  return { tracking_cpu_us_per_mail: microseconds, links_per_mail: links };
}
