import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

const named = (id: string) => ({ label: 'external_id', id });

test('a user lives through its routes', async () => {
  const { client } = stage();
  const id = randomUUID();
  const email = `${id}@example.com`;
  required(
    await client.users.upsert({
      identity: { external_id: id },
      subscriptions: [{ type: 'Email', token: email }],
    }),
  );
  required(await client.users.update(named(id), { tags: { plan: 'gold' } }));
  expect(required(await client.users.view(named(id)))).toMatchObject({
    identity: { external_id: id },
    properties: { tags: { plan: 'gold' } },
    subscriptions: [{ type: 'Email', token: email }],
  });
  const found = [];
  for await (const { identity } of client.users.list({ email })) found.push(identity['external_id']);
  expect(found).toEqual([id]);
  expect(required(await client.users.history(named(id))).changes.length).toBeGreaterThan(1);
  expect(required(await client.users.export(named(id)))).toMatchObject({
    user: { identity: { external_id: id } },
  });
  const { erasure_id } = required(await client.users.delete(named(id)));
  expect(required(await client.erasures.view(erasure_id)).id).toBe(erasure_id);
  expect(await client.users.view(named(id))).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
});

test('aliases are added, taken from others, and removed', async () => {
  const { client } = stage();
  const [one, other, crm] = [randomUUID(), randomUUID(), randomUUID()];
  for (const id of [one, other]) required(await client.users.upsert({ identity: { external_id: id } }));
  required(await client.users.addAliases(named(one), { crm }));
  expect(await client.users.addAliases(named(other), { crm })).toMatchObject({
    ok: false,
    failure: { kind: 'conflict' },
  });
  required(await client.users.takeAliases(named(other), { crm }));
  expect(required(await client.users.aliases(named(other))).identity).toMatchObject({ crm });
  expect(required(await client.users.aliases(named(one))).identity).not.toHaveProperty('crm');
  expect(required(await client.users.removeAlias(named(other), 'crm')).identity).not.toHaveProperty('crm');
});

test('two users become one', async () => {
  const { client } = stage();
  const [one, other] = [randomUUID(), randomUUID()];
  required(await client.users.upsert({ identity: { external_id: one }, properties: { tags: { a: '1' } } }));
  required(await client.users.upsert({ identity: { crm: other }, properties: { tags: { b: '2' } } }));
  required(await client.users.merge(named(one), { label: 'crm', id: other }));
  expect(required(await client.users.view({ label: 'crm', id: other }))).toMatchObject({
    identity: { external_id: one, crm: other },
    properties: { tags: { a: '1', b: '2' } },
  });
});
