import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog, loadConfig, startCarillon } from '@carillon/server';
import type { Carillon } from '@carillon/server';
import { createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';

let database: TestDatabase;
let carillon: Carillon;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = loadConfig({
    DATABASE_URL: database.url,
    CARILLON_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    CARILLON_PORT: '0',
    CARILLON_ROLE: 'api',
  });
  carillon = await startCarillon(config, { log: createLog({ level: 'silent' }) });
});
afterAll(async () => {
  await carillon.stop();
  await database.drop();
});

/** What the script prints. */
async function load(...args: readonly string[]): Promise<Record<string, string>> {
  const script = fileURLToPath(new URL('./load-customers.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=source', '--import', import.meta.resolve('tsx'), script, ...args],
    {
      env: {
        ...process.env,
        CARILLON_URL: carillon.url ?? '',
        CARILLON_APP_ID: carillon.appId ?? '',
        CARILLON_API_KEY: carillon.appKey ?? '',
        SHOP_DATABASE_URL: database.url,
      },
    },
  );
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/ +/) as [string, string]),
  );
}

it('loads thousands of customers, finds them in place the next time, and goes on from a line', async () => {
  const none = { created: '0', updated: '0', unchanged: '0', rejected: '0' };
  expect(await load('3000')).toEqual({ ...none, created: '3000' });
  expect(await load('3000')).toEqual({ ...none, unchanged: '3000' });
  expect(await load('3002', '--from', '3000')).toEqual({ ...none, created: '2', unchanged: '1' });
});
