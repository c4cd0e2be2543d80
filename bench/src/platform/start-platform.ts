import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../benchmark.ts';

export interface Platform {
  readonly url: string;
  readonly appId: string;
  readonly appKey: string;
  /** Most memory that the platform's process has held so far, in megabytes. */
  peakRssMb(): Promise<number>;
}

interface Running {
  readonly url: string;
  readonly appId: string;
  readonly appKey: string;
}

/** Starts the whole platform in another process, on `databaseUrl`. Ends it after the benchmark. */
export async function startPlatform(
  bench: Bench,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const child = fork(fileURLToPath(new URL('./platform-process.ts', import.meta.url)), {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
      CARILLON_PORT: '0',
      CARILLON_SANDBOX: 'false',
      ...settings,
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  bench.afterwards(async () => {
    if (child.connected) child.disconnect();
    await ended;
  });
  const first = await Promise.race([once(child, 'message'), ended]);
  const running = first[0] as Running | number | null;
  if (running === null || typeof running !== 'object') throw new Error('the platform did not start');
  const { url, appId, appKey } = running;
  return {
    url,
    appId,
    appKey,
    async peakRssMb() {
      child.send('memory');
      const [answer] = (await once(child, 'message')) as [{ peakRssMb: number }];
      return answer.peakRssMb;
    },
  };
}
