import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { serverForTests } from '../fixtures/server-for-tests.ts';
import { required } from '../index.ts';

const stage = serverForTests();

test('an organization is renamed, and its log tells of it over all pages', async () => {
  const { owner: client, server } = stage();
  const { organizationId: id } = server;
  const start_time = new Date(Date.now() - 3_600_000).toISOString();
  const name = `Shop ${randomUUID()}`;
  expect(required(await client.organizations.update(id, { name })).name).toBe(name);
  expect(required(await client.organizations.view(id)).name).toBe(name);
  for (const key of ['a', 'b', 'c']) required(await client.apiKeys.create({ name: key }));
  const told: string[] = [];
  const query = {
    start_time,
    limit: 1,
    actions: ['organization.updated', 'api_key.created'],
    app_ids: [server.appId],
  };
  for await (const { action } of client.organizations.auditLog(id, query)) told.push(action);
  expect(told.slice(-4)).toEqual([
    'organization.updated',
    'api_key.created',
    'api_key.created',
    'api_key.created',
  ]);
  const page = required(await client.organizations.auditLogPage(id, { ...query, limit: 2 }));
  expect([page.audit_logs.length, page.has_more]).toEqual([2, true]);
});
