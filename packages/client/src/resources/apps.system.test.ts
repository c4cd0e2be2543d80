import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('an app is made, changed, and deleted with its name only', async () => {
  const { owner: client, server } = stage();
  const name = `App ${randomUUID()}`;
  const { id } = required(await client.apps.create({ name, organization_id: server.organizationId }));
  const changed = required(await client.apps.update({ site_name: 'Shop' }, { appId: id }));
  expect(changed).toMatchObject({ name, site_name: 'Shop' });
  expect(required(await client.apps.view({ appId: id, view: 'config' }))).not.toHaveProperty('players');
  expect(
    required(await client.apps.list())
      .map((app) => app.id)
      .toSorted(),
  ).toEqual([id, server.appId].toSorted());
  expect(await client.apps.delete('another name', { appId: id })).toMatchObject({ ok: false });
  required(await client.apps.delete(name, { appId: id }));
  expect(required(await client.organizations.deletedApp(server.organizationId, id))).toMatchObject({
    id,
    name,
  });
  expect(required(await client.apps.list())).toHaveLength(1);
});

test("an app's own key views it, and changes nothing", async () => {
  const { server } = stage();
  const own = server.client();
  expect(required(await own.apps.view())).toMatchObject({ id: server.appId, players: 0 });
  expect(await own.apps.update({ name: 'Mine' })).toMatchObject({
    ok: false,
    failure: { kind: 'unauthorized' },
  });
});
