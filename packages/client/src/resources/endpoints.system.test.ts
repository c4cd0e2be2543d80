import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('endpoints are set, listed, posted to, tested and deleted', async () => {
  const { endpoints } = stage().client;
  // Discarded by RFC 6666: nothing answers there, and this server, which only takes calls, posts nothing.
  const url = 'https://[100::1]/hook';
  const refused = await endpoints.set('room', { kind: 'webhook', url });
  expect(refused).toMatchObject({ ok: false, failure: { status: 400 } });
  const set = required(await endpoints.set('room', { kind: 'webhook', url: 'https://shop.invalid/hook' }));
  expect(set).toMatchObject({ name: 'room', url: 'https://shop.invalid/…', header_names: [] });
  expect(set.secret).toMatch(/^whsec_/);
  expect(required(await endpoints.list()).endpoints.map(({ name }) => name)).toEqual(['room']);
  expect(required(await endpoints.view('room'))).not.toHaveProperty('secret');
  const post = { text: 'Hello', idempotency_key: 'one' };
  const { id } = required(await endpoints.post('room', post));
  expect(required(await endpoints.post('room', post))).toEqual({ id });
  expect(required(await endpoints.viewPost('room', id))).toMatchObject({ state: 'waiting', attempts: 0 });
  expect(required(await endpoints.posts('room', { limit: 5 })).posts.map((one) => one.id)).toEqual([id]);
  expect(required(await endpoints.test('room'))).toMatchObject({ state: 'retry' });
  expect(required(await endpoints.delete('room'))).toEqual({ success: true });
  expect((await endpoints.viewPost('room', id)).ok).toBe(false);
});
