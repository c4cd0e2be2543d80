import { PushComposer, systemClock, VapidTokens, WebPushChannel } from '@carillon/server';
import type { Envelope, RenderedPush, VapidKeys } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import webPushLibrary from 'web-push';
import type { Benchmark } from '../benchmark.ts';
import { medianOf, peakRssMb } from '../figures.ts';
import { sendBare } from './send-bare.ts';
import { BODY, DATA, payloadOf, subscribersAt, TITLE, URL_OPENED } from './subscribers.ts';
import type { Subscriber } from './subscribers.ts';

const MESSAGES = 6_000;
const ROUNDS = 3;
/** As the sender hands them over: recipients of a page, pages under way. */
const PAGE = 500;
const PAGES = 4;
/** The library builds some hundreds a second: it gets a part of the messages. */
const LIBRARY_SHARE = 6;

const subject = 'mailto:ops@shop.example';

/** What a channel does, from rendered messages to the push service's answers. */
export const webPush: Benchmark = {
  about:
    'pushes of 400 bytes through the channel to a push service in another process by HTTP/2 in the clear, beside bare node:crypto and node:http2; and requests that are built and not sent, beside those that the library web-push builds',
  async run(bench) {
    const messages = bench.number('messages', MESSAGES);
    const service = new Child(new URL('./receiving-process.ts', import.meta.url), []);
    bench.afterwards(() => service.end());
    const { port } = (await service.message()) as { port: number };
    const origin = `http://127.0.0.1:${port}`;
    const app = webPushLibrary.generateVAPIDKeys();
    const channel = new WebPushChannel({ clock: systemClock, outboundAllowed: ['127.0.0.1'] });
    bench.afterwards(() => channel.close());
    const subscribers = subscribersAt(origin, messages);
    const sides = {
      ours: () => sendThrough(channel, app, subscribers),
      theirs: () => sendBare(origin, app, subscribers),
    };
    await sides.ours();
    await sides.theirs();
    const figures = await medianOf(ROUNDS, async (round) => {
      // Who goes first changes from round to round.
      const before = round % 2 === 0 ? await sides.ours() : 0;
      const bare = await sides.theirs();
      const ours = before || (await sides.ours());
      const built = buildByOurs(app, subscribers);
      const library = buildByLibrary(app, subscribers.slice(0, messages / LIBRARY_SHARE));
      bench.say(
        `round ${round + 1}: ${ours.toFixed(0)}/s, bare ${bare.toFixed(0)}/s; built ${built.toFixed(0)}/s, by the library ${library.toFixed(0)}/s`,
      );
      return {
        rate_per_s: ours,
        ratio_to_baseline: ours / bare,
        bare_per_s: bare,
        ratio_to_web_push_library: built / library,
        built_per_s: built,
        library_built_per_s: library,
      };
    });
    const sent = messages * (ROUNDS + 1) * 2;
    service.send({});
    const { received } = (await service.message()) as { received: number };
    if (received !== sent) bench.broken(`${sent} pushes were sent, and ${received} arrived`);
    return { ...figures, peak_rss_mb: peakRssMb() };
  },
};

/** Messages per second. */
async function sendThrough(
  channel: WebPushChannel,
  app: VapidKeys,
  subscribers: readonly Subscriber[],
): Promise<number> {
  const account = { key: 'bench', settings: { kind: 'vapid', subject, ...app } } as const;
  const from = performance.now();
  let next = 0;
  const sendPages = async () => {
    while (next < subscribers.length) {
      const page = subscribers.slice(next, next + PAGE).map((each, index) => envelopeOf(each, next + index));
      next += PAGE;
      const outcomes = await channel.deliver(account, page);
      const failed = outcomes.find(({ state }) => state !== 'sent');
      if (failed !== undefined) throw new Error(`not sent: ${JSON.stringify(failed)}`);
    }
  };
  await Promise.all(Array.from({ length: PAGES }, sendPages));
  return (subscribers.length / (performance.now() - from)) * 1_000;
}

function envelopeOf({ endpoint, keys }: Subscriber, number: number): Envelope<RenderedPush> {
  const device = { web_p256: keys.p256dh, web_auth: keys.auth };
  return {
    messageId: `message-${number}`,
    lane: number % 256,
    recipient: { subscriptionId: `subscription-${number}`, token: endpoint, device },
    content: {
      appId: 'app',
      title: TITLE,
      subtitle: null,
      body: BODY,
      template: null,
      fields: { data: DATA, url: URL_OPENED },
      confirmsDelivery: false,
      expiresAt: Date.now() + 86_400_000,
    },
    attempt: 1,
  };
}

/** Requests per second; none is sent. */
function buildByOurs(app: VapidKeys, subscribers: readonly Subscriber[]): number {
  const composer = new PushComposer(systemClock, new VapidTokens(systemClock));
  const settings = { kind: 'vapid', subject, ...app } as const;
  const from = performance.now();
  for (const [index, subscriber] of subscribers.entries()) {
    composer.compose(settings, envelopeOf(subscriber, index));
  }
  return (subscribers.length / (performance.now() - from)) * 1_000;
}

function buildByLibrary(app: VapidKeys, subscribers: readonly Subscriber[]): number {
  const options = { vapidDetails: { subject, ...app }, TTL: 86_400, contentEncoding: 'aes128gcm' } as const;
  const from = performance.now();
  for (const [index, subscriber] of subscribers.entries()) {
    webPushLibrary.generateRequestDetails(subscriber, payloadOf(`message-${index}`), options);
  }
  return (subscribers.length / (performance.now() - from)) * 1_000;
}
