import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a policy is changed, and null brings the default back', async () => {
  const { owner: client, server } = stage();
  const before = required(await client.policy.view());
  const changed = required(await client.policy.update({ tag_limit: 7, identity_verification: 'off' }));
  expect(changed).toEqual({ ...before, tag_limit: 7 });
  expect(required(await server.client().policy.view())).toEqual(changed);
  expect(required(await client.policy.update({ tag_limit: null }))).toEqual(before);
});
