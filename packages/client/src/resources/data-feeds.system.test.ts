import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a data feed is made, seen, changed and deleted, and what its headers say is never shown', async () => {
  const { dataFeeds } = stage().client;
  const made = required(
    await dataFeeds.create({
      name: 'Points',
      alias: 'points',
      url: 'https://shop.example/points/{{ user.external_id }}',
      headers: { Authorization: 'Bearer secret-1' },
    }),
  );
  expect(made).toMatchObject({ alias: 'points', method: 'GET', header_names: ['Authorization'], body: null });
  expect(required(await dataFeeds.view(made.id))).toEqual(made);
  const changed = required(await dataFeeds.update(made.id, { name: 'Loyalty', method: 'POST', body: '{}' }));
  expect(changed).toMatchObject({
    name: 'Loyalty',
    method: 'POST',
    body: '{}',
    header_names: ['Authorization'],
  });
  const list = required(await dataFeeds.list());
  expect(list.data_feeds).toEqual([changed]);
  expect(JSON.stringify([made, changed, list])).not.toContain('secret-1');
  expect(required(await dataFeeds.delete(made.id))).toEqual({ success: true });
  expect(required(await dataFeeds.list()).data_feeds).toEqual([]);
});
