import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a limit is set for the app, and given back to the server', async () => {
  const { owner: client } = stage();
  const before = required(await client.rateLimits.view());
  const closed = required(await client.rateLimits.update({ exports: { limit: 0, window_seconds: 60 } }));
  expect(closed).toEqual({ ...before, exports: { limit: 0, window_seconds: 60, source: 'app' } });
  expect(required(await client.rateLimits.update({ exports: null }))).toEqual(before);
});
