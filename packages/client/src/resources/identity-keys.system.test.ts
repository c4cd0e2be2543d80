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

test('a key is made by the server, taken from its owner, listed and deleted', async () => {
  const made = required(await client.identityKeys.create({ name: 'Made' }));
  expect(made.private_key).toContain('PRIVATE KEY');
  const other = required(await client.identityKeys.create({ name: 'Made' }));
  required(await client.identityKeys.delete(made.id));
  const given = required(await client.identityKeys.create({ name: 'Given', public_key: made.public_key }));
  expect(given).not.toHaveProperty('private_key');
  expect(given.kid).toBe(made.kid);
  const { identity_keys: keys } = required(await server.client().identityKeys.list());
  expect(keys.map(({ id }) => id).toSorted()).toEqual([other.id, given.id].toSorted());
});
