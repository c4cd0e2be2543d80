import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../benchmark.ts';
import { peakRssMbOf, rssMbOf } from '../memory.ts';

export interface Platform {
  readonly url: string;
  readonly appId: string;
  readonly appKey: string;
  /** Opens the organization: makes further apps. */
  readonly organizationKey: string;
  readonly pid: number;
  /** Memory that the platform's own process holds now, in megabytes. Linux only. */
  rssMb(): Promise<number>;
  /** The most that it has held so far. */
  peakRssMb(): Promise<number>;
}

/** As `npm start` runs it: built. `npm run bench` builds it first. */
const PROGRAM = fileURLToPath(new URL('../../../packages/server/dist/main.js', import.meta.url));

/** Starts the whole platform in another process, on `databaseUrl`. Ends it after the benchmark. */
export async function startPlatform(
  bench: Bench,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Platform> {
  const { said, ...process } = await start(bench, databaseUrl, settings, 'Organization key');
  const [appId, appKey] = [said.get('App id'), said.get('API key')];
  const organizationKey = said.get('Organization key');
  if (appId === undefined || appKey === undefined || organizationKey === undefined)
    throw new Error('the platform did not start: see above');
  return { ...process, appId, appKey, organizationKey };
}

/** Starts one more process of a platform, on the same database, with the same app. */
export async function startAnother(bench: Bench, databaseUrl: string, platform: Platform): Promise<Platform> {
  const { said: _, ...process } = await start(bench, databaseUrl, {}, 'API');
  return { ...platform, ...process };
}

/** Starts a process and reads what it says of itself, up to the line `last`. */
async function start(
  bench: Bench,
  databaseUrl: string,
  settings: Readonly<Record<string, string>>,
  last: string,
) {
  const child = spawn(process.execPath, [PROGRAM, 'start'], {
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      CARILLON_MASTER_KEY: randomBytes(32).toString('base64'),
      CARILLON_PORT: '0',
      CARILLON_SANDBOX: 'false',
      CARILLON_LOG_LEVEL: 'warn',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  bench.afterwards(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const said = new Map<string, string>();
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^ {2}(API|App id|API key|Organization key) +(\S+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) said.set(name, value);
    if (name === last) break;
  }
  child.stdout.resume();
  const url = said.get('API');
  const { pid } = child;
  if (url === undefined || pid === undefined) throw new Error('the platform did not start: see above');
  return {
    said,
    url,
    pid,
    rssMb: () => rssMbOf(pid),
    peakRssMb: () => peakRssMbOf(pid),
  };
}
