import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('a subscription lives through its routes', async () => {
  const { client } = stage();
  const [one, other] = [randomUUID(), randomUUID()];
  for (const id of [one, other]) required(await client.users.upsert({ identity: { external_id: id } }));
  const token = `${one}@example.com`;
  const alias = { label: 'external_id', id: one };
  const made = required(await client.subscriptions.create(alias, { type: 'Email', token }));
  const id = made.subscription?.id ?? '';
  required(await client.subscriptions.update(id, { enabled: false }));
  const enabled = required(await client.subscriptions.updateByToken('Email', token, { enabled: true }));
  expect(enabled.subscription).toMatchObject({ id, enabled: true });
  expect(required(await client.subscriptions.transfer(id, { external_id: other })).identity).toMatchObject({
    external_id: other,
  });
  required(await client.subscriptions.addAliases(id, { crm: other }));
  expect(required(await client.subscriptions.aliases(id)).identity).toMatchObject({
    external_id: other,
    crm: other,
  });
  const consent = {
    granted: false,
    at: new Date().toISOString(),
    source: 'shop',
    text: 'No more mail, please.',
  };
  required(await client.subscriptions.recordConsent(id, consent));
  expect(required(await client.subscriptions.consents(id)).consents).toContainEqual(
    expect.objectContaining(consent),
  );
  required(await client.subscriptions.delete(id));
  expect(await client.subscriptions.aliases(id)).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
});
