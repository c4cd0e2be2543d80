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

const MAILS = 1_500;
const CONNECTIONS = 5;
const ROUNDS = 3;
const LOOK_EVERY_MS = 10;

/** From an accepted message to its last ledger row, beside nodemailer alone, in turns. */
export const email: Benchmark = {
  about: `a message to ${MAILS} people through templates, tracked links, ledger and feed over ${CONNECTIONS} SMTP connections to a mail server in another process, beside bare nodemailer with the same mails and connections; 35 KB and 1 KB`,
  async run(bench) {
    const receiver = new Child(new URL('./counting-process.ts', import.meta.url), []);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    await fillAudience(database, platform.appId, MAILS);
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
    const contents = { large: newsletter(), small: notice() };
    const ours = (content: SampleContent) => sendOne(call, platform.appId, content);
    const theirs = (content: SampleContent) => sendBare(bare, content, MAILS);
    await ours(contents.small);
    await theirs(contents.small);

    const figures = await medianOf(ROUNDS, async (round) => {
      const large = await compare(contents.large, ours, theirs, round);
      const small = await compare(contents.small, ours, theirs, round);
      bench.say(
        `round ${round + 1}: 35 KB ${large.ours.toFixed(0)}/s, bare ${large.theirs.toFixed(0)}/s; 1 KB ${small.ours.toFixed(0)}/s, bare ${small.theirs.toFixed(0)}/s`,
      );
      return {
        rate_per_s: large.ours,
        ratio_to_baseline: large.ours / large.theirs,
        bare_per_s: large.theirs,
        small_rate_per_s: small.ours,
        small_ratio_to_baseline: small.ours / small.theirs,
        small_bare_per_s: small.theirs,
      } satisfies Figures;
    });
    return { ...figures, peak_rss_mb: await platform.peakRssMb() };
  },
};

type Send = (content: SampleContent) => Promise<number>;

/** Both, one after the other; who goes first changes from round to round. */
async function compare(
  content: SampleContent,
  ours: Send,
  theirs: Send,
  round: number,
): Promise<{ ours: number; theirs: number }> {
  if (round % 2 === 0) {
    const first = await ours(content);
    return { ours: first, theirs: await theirs(content) };
  }
  const first = await theirs(content);
  return { ours: await ours(content), theirs: first };
}

/** Mails per second, from the call to the last ledger row. */
async function sendOne(call: CallPlatform, appId: string, content: SampleContent): Promise<number> {
  const from = performance.now();
  const { id } = await call<{ id: string }>('POST', '/notifications', {
    app_id: appId,
    target_channel: 'email',
    included_segments: ['Subscribed Users'],
    email_subject: content.subject,
    email_body: content.html,
  });
  for (;;) {
    const path = `/notifications/${id}?app_id=${appId}`;
    const view = await call<{ completed_at: number | null; successful: number }>('GET', path);
    if (view.completed_at !== null) {
      if (view.successful !== MAILS) throw new Error(`${MAILS - view.successful} were not sent`);
      return (MAILS / (performance.now() - from)) * 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
