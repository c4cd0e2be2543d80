import { randomBytes } from 'node:crypto';
import { SmsChannel, StatusLinks, TokenSigner, createLog, systemClock } from '@carillon/server';
import type { Envelope, RenderedSms, SmppSettings } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import type { Benchmark } from '../benchmark.ts';
import { medianOf, peakRssMb } from '../figures.ts';
import { PASSWORD, SENDER, SYSTEM_ID, TEXT, numberOf } from './credentials.ts';

const MESSAGES = 50_000;
const WINDOW = 10;
const ROUNDS = 3;
/** As the sender hands them over, the next page while one is on its way. */
const PAGE = 500;
const PAGES_AT_A_TIME = 2;
const APP = '00000000-0000-4000-8000-000000000000';

/** The channel, from envelopes to outcomes with receipts coming back, beside the library alone, in turns. */
export const smsSmpp: Benchmark = {
  about: `${MESSAGES} text messages (--messages) over one SMPP session with ${WINDOW} unanswered at a time (--window) to an SMSC in another process, each with its receipt, beside the bare npm library smpp with the same window`,
  async run(bench) {
    const messages = bench.number('messages', MESSAGES);
    const window = bench.number('window', WINDOW);
    const receiver = new Child(new URL('./receiver-process.ts', import.meta.url), []);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const bare = new Child(new URL('./bare-process.ts', import.meta.url), [String(port), String(window)]);
    bench.afterwards(() => bare.end());
    const channel = openChannel();
    bench.afterwards(() => channel.close());
    const account = { key: 'bench', settings: settingsFor(port, window) };
    const ours = () => sendAll(channel, account, messages);
    const theirs = async () => {
      bare.send({ messages });
      return ((await bare.message()) as { rate: number }).rate;
    };
    await ours();
    await theirs();
    const figures = await medianOf(ROUNDS, async (round) => {
      const first = round % 2 === 0 ? await ours() : await theirs();
      const second = round % 2 === 0 ? await theirs() : await ours();
      const [rate, baseline] = round % 2 === 0 ? [first, second] : [second, first];
      bench.say(`round ${round + 1}: ${rate.toFixed(0)}/s, bare ${baseline.toFixed(0)}/s`);
      return { rate_per_s: rate, ratio_to_baseline: rate / baseline, bare_per_s: baseline };
    });
    return { ...figures, peak_rss_mb: peakRssMb() };
  },
};

function openChannel(): SmsChannel {
  const signer = new TokenSigner({ current: randomBytes(32), previous: [] });
  return new SmsChannel({
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    outboundAllowed: [],
    statusLinks: new StatusLinks({ publicUrl: () => 'http://127.0.0.1', signer }),
    recordReceipts: async () => undefined,
    takeInboundSms: async () => null,
  });
}

function settingsFor(port: number, window: number): SmppSettings {
  return {
    kind: 'smpp',
    host: '127.0.0.1',
    port,
    security: 'none',
    systemId: SYSTEM_ID,
    password: PASSWORD,
    systemType: '',
    from: SENDER,
    sourceTon: null,
    sourceNpi: null,
    destinationTon: 1,
    destinationNpi: 1,
    window,
    longMessages: 'parts',
    validityMinutes: null,
    enquireLinkSeconds: 30,
  };
}

/** Messages per second, from the first page to the last outcome. */
async function sendAll(
  channel: SmsChannel,
  account: { readonly key: string; readonly settings: SmppSettings },
  messages: number,
): Promise<number> {
  const start = performance.now();
  let next = 0;
  const sendPages = async () => {
    while (next < messages) {
      const from = next;
      next = Math.min(messages, from + PAGE);
      const page = Array.from({ length: next - from }, (_, index) => envelopeTo(from + index));
      const outcomes = await channel.deliver(account, page);
      const left = outcomes.filter(({ state }) => state !== 'sent').length;
      if (left > 0) throw new Error(`${left} were not sent`);
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_A_TIME }, sendPages));
  return (messages / (performance.now() - start)) * 1_000;
}

function envelopeTo(index: number): Envelope<RenderedSms> {
  const token = numberOf(index);
  return {
    messageId: APP,
    lane: index % 256,
    recipient: { subscriptionId: token, token },
    content: { appId: APP, text: TEXT, from: null, mediaUrls: [] },
    attempt: 1,
  };
}
