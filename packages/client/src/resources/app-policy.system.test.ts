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

test('a policy is changed, and null brings the default back', async () => {
  const before = required(await client.policy.view());
  const changed = required(await client.policy.update({ tag_limit: 7, identity_verification: 'off' }));
  expect(changed).toEqual({ ...before, tag_limit: 7 });
  expect(required(await server.client().policy.view())).toEqual(changed);
  expect(required(await client.policy.update({ tag_limit: null }))).toEqual(before);
});
