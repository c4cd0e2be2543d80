import {
  createContext,
  createLimits,
  createLiquid,
  createLog,
  createRenderer,
  parseLiquid,
  systemClock,
} from '@carillon/server';
import type { RenderJob } from '@carillon/server';
import type { Benchmark, Figures } from '../benchmark.ts';
import { peakRssMb, percentile } from '../figures.ts';

type Content = RenderJob['content'];

const PAGE = 1000;
const AT_ONCE = 3;
const MEASURED_MS = 2000;

function email(subject: string, body: string): Content {
  const sender = { fromName: null, fromAddress: null, senderDomain: null, replyTo: null };
  const none = {
    ...sender,
    mjml: null,
    preheader: null,
    bcc: [],
    attachments: [],
    utm: null,
    dataFeed: null,
    dynamicContent: null,
  };
  return { channel: 'email', subject, body, trackClicks: true, ...none };
}

const paragraph = `<p>${'lorem ipsum '.repeat(125)}{{ first_name }}</p>`;

/** By the name that its figures have. */
const contents: Readonly<Record<string, Content>> = {
  tags: email('Hi {{ first_name }}', '<p>Your {{ plan }} plan in {{ city | default: "town" }}</p>'),
  logic: email(
    'Hi {{ first_name | upcase }}',
    '<p>{% if points > 500 %}Much{% else %}Little{% endif %} since {{ "now" | date: "%b %-d" }}</p>',
  ),
  html_30kb: email('Hi {{ first_name }}', paragraph.repeat(20)),
};

const shared: RenderJob['shared'] = {
  message: { id: 'message', name: null, template_id: null, custom_data: null },
  template: null,
  app: { id: 'app', name: 'Bench' },
  org: { id: 'org', name: 'Bench' },
};

const recipients = Array.from({ length: PAGE }, (_, index) => ({
  lane: index % 256,
  subscriptionId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  userId: `00000000-0000-4000-9000-${String(index).padStart(12, '0')}`,
  type: 'Email',
  channel: 'email' as const,
  token: `person-${index}@example.com`,
  reachable: true,
  device: null,
  externalId: `person-${index}`,
  language: 'en',
  timezoneId: null,
  country: null,
  tags: { first_name: `Name ${index}`, city: `Town ${index % 300}`, plan: 'gold', points: String(index) },
}));

/**
 * Rendering in the guarded process, beside bare liquidjs (the same limits and filters) here.
 * `main_us` is what an email costs this process, which has everything else to do.
 */
export const benchmark: Benchmark = {
  about:
    'emails rendered for pages of 1,000 recipients in one rendering process, beside bare liquidjs in this one',
  async run(bench) {
    const log = createLog({ level: 'warn' });
    const renderer = createRenderer({ workers: 1, clock: systemClock, log });
    bench.afterwards(() => renderer.close());
    const figures: Record<string, number> = {};
    for (const [name, content] of Object.entries(contents)) {
      const page = async () => void (await renderer.render({ key: name, content, shared, recipients }));
      await pages(page, MEASURED_MS / 4);
      const busy = performance.eventLoopUtilization();
      const rate = await pages(page, MEASURED_MS);
      const { active } = performance.eventLoopUtilization(busy);
      figures[`${name}_rate_per_s`] = rate;
      figures[`${name}_ratio_to_baseline`] = rate / bareRate(content);
      figures[`${name}_main_us`] = (active * 1000) / ((rate * MEASURED_MS) / 1000);
    }
    return { ...figures, ...(await single(renderer, contents['tags'])), peak_rss_mb: peakRssMb() };
  },
};

/** Runs `page` again and again, several at once: emails a second. */
async function pages(page: () => Promise<void>, ms: number): Promise<number> {
  const start = performance.now();
  let emails = 0;
  const line = async () => {
    while (performance.now() - start < ms) {
      await page();
      emails += PAGE;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return (emails / (performance.now() - start)) * 1000;
}

function bareRate(content: Content): number {
  const liquid = createLiquid();
  const templates = [content.subject, content.body].map((source) => parseLiquid(liquid, source));
  const start = performance.now();
  let emails = 0;
  while (performance.now() - start < MEASURED_MS / 2) {
    for (const { tags } of recipients) {
      for (const template of templates)
        liquid.renderSync(template, createContext(liquid, tags, Date.now(), createLimits()));
    }
    emails += PAGE;
  }
  return (emails / (performance.now() - start)) * 1000;
}

/** One email, as somebody who waits for it sees it: there and back. */
async function single(
  renderer: ReturnType<typeof createRenderer>,
  content: Content | undefined,
): Promise<Figures> {
  if (content === undefined) return {};
  const times: number[] = [];
  for (const recipient of [...recipients, ...recipients]) {
    const start = performance.now();
    await renderer.render({ key: 'tags', content, shared, recipients: [recipient] });
    times.push(performance.now() - start);
  }
  return { single_p50_ms: percentile(times, 0.5), single_p99_ms: percentile(times, 0.99) };
}
