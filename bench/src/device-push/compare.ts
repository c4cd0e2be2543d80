import type { Envelope, RenderedPush } from '@carillon/server';
import type { Bench, Figures } from '../benchmark.ts';
import { medianOf, peakRssMb } from '../figures.ts';

/** `--messages N` sends another number in each round, `--rounds N` more or less often. */
const MESSAGES = 30_000;
const ROUNDS = 5;
const PAGE = 500;
/** As many pages are on their way at a time as the send engine would have. */
const PAGES_AT_ONCE = 4;

export const SESSIONS = 4;
export const STREAMS = 100;

/** Each sends so many messages. */
export interface Sides {
  readonly ours: (count: number) => Promise<void>;
  readonly bare: (count: number) => Promise<void>;
}

/** Both, one after the other; who goes first changes from round to round. */
export async function compareSides(bench: Bench, { ours, bare }: Sides): Promise<Figures> {
  const count = bench.number('messages', MESSAGES);
  await ours(2_000);
  await bare(2_000);
  const figures = await medianOf(bench.number('rounds', ROUNDS), async (round) => {
    const first = round % 2 === 0 ? ours : bare;
    const one = await measure(first, count);
    const other = await measure(first === ours ? bare : ours, count);
    const [we, they] = first === ours ? [one, other] : [other, one];
    bench.say(`round ${round + 1}: ${we.rate.toFixed(0)}/s, bare ${they.rate.toFixed(0)}/s`);
    return {
      rate_per_s: we.rate,
      ratio_to_baseline: we.rate / they.rate,
      bare_per_s: they.rate,
      per_cpu_s: we.perCpu,
      cpu_ratio_to_baseline: we.perCpu / they.perCpu,
    };
  });
  return { ...figures, peak_rss_mb: peakRssMb() };
}

/** Hands pages over as the send engine does. Throws when one was not sent. */
export async function deliverAll(
  count: number,
  envelopeOf: (index: number) => Envelope<RenderedPush>,
  deliver: (page: readonly Envelope<RenderedPush>[]) => Promise<readonly { readonly state: string }[]>,
): Promise<void> {
  let next = 0;
  const deliverLeft = async () => {
    while (next < count) {
      const from = next;
      next += PAGE;
      const page = Array.from({ length: Math.min(PAGE, count - from) }, (_, index) =>
        envelopeOf(from + index),
      );
      const lost = (await deliver(page)).filter(({ state }) => state !== 'sent').length;
      if (lost > 0) throw new Error(`${lost} were not sent`);
    }
  };
  await Promise.all(Array.from({ length: PAGES_AT_ONCE }, deliverLeft));
}

async function measure(send: (count: number) => Promise<void>, count: number) {
  const cpu = process.cpuUsage();
  const from = performance.now();
  await send(count);
  const seconds = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: count / seconds, perCpu: count / ((user + system) / 1e6) };
}
