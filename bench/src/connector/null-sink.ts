import { Child } from '@carillon/test-kit';
import type { Bench } from '../benchmark.ts';

/** Starts a target, in a process of its own, that takes everything in bulk and does nothing. Returns its URL. */
export async function startNullSink(bench: Bench): Promise<string> {
  const child = new Child(new URL('null-sink-process.ts', import.meta.url), []);
  bench.afterwards(() => child.kill());
  return `http://127.0.0.1:${Number(await child.message())}`;
}
