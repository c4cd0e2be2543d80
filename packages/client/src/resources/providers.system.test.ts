import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('providers are set, listed, tested and deleted', async () => {
  const { providers } = stage().client;
  required(await providers.set('sms', { kind: 'null' }));
  required(await providers.set('sms', { kind: 'null', order: 2 }, 'spare'));
  expect(required(await providers.list('sms')).providers.map(({ name }) => name)).toEqual(['main', 'spare']);
  expect(required(await providers.view('sms', 'spare'))).toMatchObject({
    order: 2,
    weight: 100,
    kind: 'null',
  });
  expect(required(await providers.test('sms', { to: '+14155550100', provider: 'spare' }))).toMatchObject({
    channel: 'sms',
    provider: 'spare',
    state: 'sent',
    reason: null,
  });
  expect(required(await providers.delete('sms', 'spare'))).toEqual({ success: true });
  const gone = await providers.delete('sms', 'spare');
  expect(gone.ok).toBe(false);
  required(await providers.delete('sms'));
});
