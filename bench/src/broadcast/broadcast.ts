import type { Benchmark } from '../benchmark.ts';
import { medianOf } from '../figures.ts';
import { callPlatform } from '../platform/call-platform.ts';
import type { CallPlatform } from '../platform/call-platform.ts';
import { fillAudience } from '../platform/fill-audience.ts';
import { startPlatform } from '../platform/start-platform.ts';
import { bareInsert, bareRendering } from './bare-work.ts';

/** `--recipients N` sends to another number, `--rounds N` more or less often. */
const RECIPIENTS = 100_000;
const ROUNDS = 3;
/** Each look costs statements, which are counted too. */
const LOOK_EVERY_MS = 100;

const SUBJECT = 'News for {{ first_name }}';
const BODY =
  '<html><body><p>Hello {{ first_name | default: "there" }}, your {{ plan }} plan in {{ city }} is ready.</p></body></html>';

export const broadcast: Benchmark = {
  about:
    'one message to 100,000 email subscriptions, rendered, ledgered and fed, into an account that drops every mail; beside bare rendering and a bare batched INSERT one after the other',
  async run(bench) {
    const recipients = bench.number('recipients', RECIPIENTS);
    const { database, url } = await bench.database();
    const platform = await startPlatform(bench, url);
    const call = callPlatform(platform);
    bench.afterwards(() => call.close());
    await fillAudience(database, platform.appId, recipients);
    await call('PUT', `/apps/${platform.appId}/channels/email`, { kind: 'null' });
    const statements = async () => {
      const rows = await database.rows<{ commits: number }>({
        name: '',
        text: 'select xact_commit as commits from pg_stat_database where datname = current_database()',
      });
      return rows[0]?.commits ?? 0;
    };
    const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
      const before = await statements();
      const rate_per_s = await sendOne(call, platform.appId, recipients);
      const commits = (await statements()) - before;
      const rendered_per_s = bareRendering(SUBJECT, BODY, recipients);
      const inserted_per_s = await bareInsert(database, recipients);
      const baseline_per_s = 1 / (1 / rendered_per_s + 1 / inserted_per_s);
      bench.say(
        `round ${round + 1}: ${rate_per_s.toFixed(0)}/s; bare rendering ${rendered_per_s.toFixed(0)}/s, bare INSERT ${inserted_per_s.toFixed(0)}/s`,
      );
      return {
        rate_per_s,
        ratio_to_baseline: rate_per_s / baseline_per_s,
        bare_rendering_per_s: rendered_per_s,
        bare_insert_per_s: inserted_per_s,
        commits_per_100: commits / (recipients / 100),
      };
    });
    return { ...figures, peak_rss_mb: await platform.peakRssMb() };
  },
};

/** From the call to the last ledger row. */
async function sendOne(call: CallPlatform, appId: string, recipients: number): Promise<number> {
  const from = performance.now();
  const { id } = await call<{ id: string }>('POST', '/notifications', {
    app_id: appId,
    target_channel: 'email',
    included_segments: ['Subscribed Users'],
    email_subject: SUBJECT,
    email_body: BODY,
    disable_email_click_tracking: true,
  });
  for (;;) {
    const path = `/notifications/${id}?app_id=${appId}`;
    const view = await call<{ completed_at: number | null; successful: number }>('GET', path);
    if (view.completed_at !== null) {
      if (view.successful !== recipients)
        throw new Error(`${recipients - view.successful} were not sent: ${await reasons(call, appId)}`);
      return (recipients / (performance.now() - from)) * 1_000;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** What the ledger says of those that were not sent. */
async function reasons(call: CallPlatform, appId: string): Promise<string> {
  const path = `/apps/${appId}/feed?limit=10000`;
  let cursor = '';
  for (;;) {
    const page = await call<{
      events: { kind: string; reason: string }[];
      cursor: string;
      has_more: boolean;
    }>('GET', `${path}&cursor=${cursor}`);
    const found = page.events.find((event) => event.kind !== 'message.email.sent');
    if (found !== undefined) return `${found.kind} ${found.reason}`;
    if (!page.has_more) return 'the feed has no reason';
    ({ cursor } = page);
  }
}
