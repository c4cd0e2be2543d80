import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const dataDir = mkdtempSync(join(tmpdir(), 'carillon-demo-'));
let child: ChildProcess | null = null;

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Plays the story; `onLine` sees each line as it is printed. */
async function play(onLine: (line: string, demo: ChildProcess) => void = () => undefined) {
  const demo = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      import.meta.resolve('tsx'),
      fileURLToPath(new URL('./demo.ts', import.meta.url)),
      '--once',
    ],
    {
      env: { ...process.env, CARILLON_DATA_DIR: dataDir, CARILLON_PORT: '0', DATABASE_URL: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  child = demo;
  let output = '';
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    for (const line of text.split('\n')) onLine(line, demo);
  });
  const [code] = (await once(demo, 'exit')) as [number | null];
  return { code, output };
}

describe('the demo', () => {
  it(
    'tells its story, again after a kill in the middle, and keeps its data',
    { timeout: 180_000 },
    async () => {
      const killed = await play((line, demo) => {
        if (line.includes('the order ships')) demo.kill('SIGKILL');
      });
      expect(killed.code).toBeNull();

      const again = await play();
      expect(again).toMatchObject({ code: 0 });
      expect(again.output).toContain('301 customers, 601 orders, kept');
      expect(again.output).toContain('message_events: sent, delivered, opened, clicked');
      expect(again.output).toContain('an hour later: "Still thinking about a copper kettle?"');
      expect(again.output).toContain('2 runs, 2 of them real');
      expect(again.output).toContain('All the way round');
    },
  );
});
