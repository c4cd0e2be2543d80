import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a key is made by the server, taken from its owner, listed and deleted', async () => {
  const { owner: client, server } = stage();
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
