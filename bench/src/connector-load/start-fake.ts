import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../benchmark.ts';

const PROGRAM = fileURLToPath(new URL('../../../packages/onesignal-fake/dist/cli.js', import.meta.url));

export interface RunningFake {
  readonly url: string;
  readonly appId: string;
  readonly apiKey: string;
  /** Users and violations. */
  counts(): Promise<{ readonly users: number; readonly violations: readonly object[] }>;
  reset(): Promise<void>;
  delay(ms: number): Promise<void>;
}

/** The OneSignal fake in a process of its own, at so many writes a second. */
export async function startFake(bench: Bench, userRate: number): Promise<RunningFake> {
  const args = ['--port', '0', '--user-rate', String(userRate)];
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  bench.afterwards(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const said = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^ {2}(API|App id|API key|Counts) +(\S+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) said.set(name, value);
    if (name === 'Counts') break;
  }
  child.stdout.resume();
  const own = said.get('Counts') ?? '';
  return {
    url: said.get('API') ?? '',
    appId: said.get('App id') ?? '',
    apiKey: said.get('API key') ?? '',
    counts: async () => (await (await fetch(own)).json()) as Awaited<ReturnType<RunningFake['counts']>>,
    reset: async () => void (await fetch(`${own}/reset`, { method: 'POST' })),
    delay: async (delayMs) =>
      void (await fetch(`${own}/faults`, { method: 'PUT', body: JSON.stringify({ delayMs }) })),
  };
}
