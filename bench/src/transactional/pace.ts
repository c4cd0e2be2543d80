import { percentile } from '../figures.ts';

/** Calls that each bring something to an address of its own. */
export interface Calls {
  /** Address to the time (performance.now) at which something has arrived there. */
  readonly at: Map<string, number>;
  readonly addressOf: (n: number) => string;
  readonly send: (n: number) => Promise<unknown>;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Makes calls at a pace and waits for every arrival. */
export async function paced(rate: number, seconds: number, calls: Calls): Promise<Latency> {
  const latencies = await latenciesAt(rate, seconds, calls);
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/**
 * Milliseconds from the planned moment of each call to its arrival. In an open loop: each leaves at its time, whatever
 * became of the others.
 */
export async function latenciesAt(
  rate: number,
  seconds: number,
  { at, addressOf, send }: Calls,
): Promise<number[]> {
  at.clear();
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
  while (at.size < count) await new Promise((resolve) => setTimeout(resolve, 5));
  return Array.from(
    { length: count },
    (_, index) => (at.get(addressOf(index + 1)) ?? Infinity) - planned(index),
  );
}

export function line({ p50, p99 }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}
