import { Child } from '@carillon/test-kit';
import type { Benchmark, Figures } from '../benchmark.ts';
import { medianOf } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { newsletter, notice } from './sample-content.ts';
import type { SampleContent } from './sample-content.ts';
import { sendBare } from './send-bare.ts';

/** Mails of 35 KB and of 1 KB in a round: some seconds each. */
const LARGE = 1_500;
const SMALL = 5_000;
const CONNECTIONS = 5;
const ROUNDS = 3;
const LOOK_EVERY_MS = 10;

/** From an accepted message to its last ledger row, beside nodemailer alone, in turns. */
export const email: Benchmark = {
  about: `a message of 35 KB to ${LARGE} people and one of 1 KB to ${SMALL}, through templates, tracked links, ledger and feed over ${CONNECTIONS} SMTP connections to a mail server in another process, beside bare nodemailer with the same mails and connections`,
  async run(bench) {
    const receiver = new Child(new URL('./counting-process.ts', import.meta.url), []);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    await fillAudience(database, platform.appId, SMALL);
    await call('PUT', `/apps/${platform.appId}/channels/email`, {
      kind: 'smtp',
      host: '127.0.0.1',
      port,
      security: 'none',
      connections: CONNECTIONS,
      from_name: 'Tea & Kettle',
      from_address: 'hello@tea.example',
    });
    const bare = new Child(new URL('./bare-process.ts', import.meta.url), [
      String(port),
      String(CONNECTIONS),
    ]);
    bench.afterwards(() => bare.end());
    const sides: Sides = {
      ours: (mail) => sendOne(call, platform.appId, mail),
      theirs: ({ content, count }) => sendBare(bare, content, count),
    };
    const large = { content: newsletter(), count: LARGE };
    const small = { content: notice(), count: SMALL };
    await sides.ours({ ...small, count: LARGE });
    await sides.theirs({ ...small, count: LARGE });

    const figures = await medianOf(ROUNDS, async (round) => {
      const newsletters = await compare(large, sides, round);
      const notices = await compare(small, sides, round);
      bench.say(
        `round ${round + 1}: 35 KB ${newsletters.ours.toFixed(0)}/s, bare ${newsletters.theirs.toFixed(0)}/s; 1 KB ${notices.ours.toFixed(0)}/s, bare ${notices.theirs.toFixed(0)}/s`,
      );
      return {
        rate_per_s: newsletters.ours,
        ratio_to_baseline: newsletters.ours / newsletters.theirs,
        bare_per_s: newsletters.theirs,
        small_rate_per_s: notices.ours,
        small_ratio_to_baseline: notices.ours / notices.theirs,
        small_bare_per_s: notices.theirs,
      } satisfies Figures;
    });
    return { ...figures, peak_rss_mb: await platform.peakRssMb() };
  },
};

interface Sending {
  readonly content: SampleContent;
  readonly count: number;
}

/** Each sends so many mails and tells mails per second. */
interface Sides {
  readonly ours: (sending: Sending) => Promise<number>;
  readonly theirs: (sending: Sending) => Promise<number>;
}

/** Both, one after the other; who goes first changes from round to round. */
async function compare(
  sending: Sending,
  { ours, theirs }: Sides,
  round: number,
): Promise<{ ours: number; theirs: number }> {
  if (round % 2 === 0) {
    const first = await ours(sending);
    return { ours: first, theirs: await theirs(sending) };
  }
  const first = await theirs(sending);
  return { ours: await ours(sending), theirs: first };
}

/** Mails per second, from the call to the last ledger row. */
async function sendOne(call: CallPlatform, appId: string, { content, count }: Sending): Promise<number> {
  const from = performance.now();
  const { id } = await call<{ id: string }>('POST', '/notifications', {
    app_id: appId,
    target_channel: 'email',
    include_aliases: { external_id: Array.from({ length: count }, (_, index) => `user-${index + 1}`) },
    email_subject: content.subject,
    email_body: content.html,
  });
  for (;;) {
    const path = `/notifications/${id}?app_id=${appId}`;
    const view = await call<{ completed_at: number | null; successful: number }>('GET', path);
    if (view.completed_at !== null) {
      if (view.successful !== count) throw new Error(`${count - view.successful} were not sent`);
      return (count / (performance.now() - from)) * 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
