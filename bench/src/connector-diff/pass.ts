import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Report } from '@carillon/connector';
import { peakRssMbOf } from '../memory.ts';

export type LookCount = Extract<Report, { kind: 'looked' }>['count'];

/** What one pass came to. */
export interface Pass {
  readonly count: LookCount;
  readonly sent: number;
  readonly removed: number;
  readonly seconds: number;
  readonly peakRssMb: number;
}

const PROGRAM = fileURLToPath(new URL('../../../packages/connector/dist/cli.js', import.meta.url));
const NOTHING: LookCount = { known: 0, scanned: 0, fresh: 0, changed: 0, gone: 0, goneSample: [] };
const LOOK_EVERY_MS = 100;

/** Runs `carillon-connect sync`, as built, in a process of its own: its memory is nobody else's. */
export async function runPass(config: string): Promise<Pass> {
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, '--config', config, '--json', 'sync'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let peakRssMb = 0;
  const looking = setInterval(() => {
    // It may be gone.
    void peakRssMbOf(child.pid ?? 0).then(
      (peak) => (peakRssMb = Math.max(peakRssMb, peak)),
      () => undefined,
    );
  }, LOOK_EVERY_MS);
  let count = NOTHING;
  let [sent, removed] = [0, 0];
  for await (const line of createInterface(child.stdout)) {
    const report = JSON.parse(line) as Report;
    if (report.kind === 'looked') count = report.count;
    if (report.kind !== 'delivered') continue;
    sent += report.batch.users;
    removed += report.batch.removed;
  }
  const [code] = (await ended) as [number | null];
  clearInterval(looking);
  if (code !== 0) throw new Error(`the pass ended with ${String(code)}`);
  return { count, sent, removed, seconds: (performance.now() - began) / 1000, peakRssMb };
}
