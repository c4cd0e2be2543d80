import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer } from '../fixtures/running-server.ts';
import type { RunningServer } from '../fixtures/running-server.ts';
import { required } from '../index.ts';
import type { Client } from '../index.ts';

let server: RunningServer;
let client: Client;

beforeAll(async () => {
  server = await startServer();
  client = server.client({ apiKey: server.organizationKey });
});
afterAll(() => server.stop());

test('a limit is set for the app, and given back to the server', async () => {
  const before = required(await client.rateLimits.view());
  const closed = required(await client.rateLimits.update({ exports: { limit: 0, window_seconds: 60 } }));
  expect(closed).toEqual({ ...before, exports: { limit: 0, window_seconds: 60, source: 'app' } });
  expect(required(await client.rateLimits.update({ exports: null }))).toEqual(before);
});
