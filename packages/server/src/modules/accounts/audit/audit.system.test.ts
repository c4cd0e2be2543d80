import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { AUDIT_ACTIONS } from '@carillon/wire';
import { accountsJobs, createApiKey, createApp, createOrganization, recordChange, SYSTEM } from '../index.ts';
import { startStage } from '../fixtures/stage.ts';
import type { Stage } from '../fixtures/stage.ts';

const START = 'start_time=2026-11-01T00:00:00Z';
const ADDRESS = '192.0.2.44';

const clock = new FakeClock('2026-11-01T12:00:00Z');
let db: TestDatabase;
let stage: Stage;

beforeAll(async () => {
  db = await createTestDatabase();
  stage = await startStage({ database: db.database, clock });
});

afterAll(async () => {
  await stage.server.close();
  await db.drop();
});

/** An organization of its own, whose log begins with its first key. */
async function newOrganization() {
  const id = await createOrganization(db.database, clock, { name: 'Audited' });
  const made = await createApiKey(db.database, clock, { organizationId: id, appId: null }, { name: 'admin' });
  const { token_id: keyId, formatted_token: key } = made;
  const log = (query = '') => stage.call('GET', `/organizations/${id}/audit_logs?${START}${query}`, key);
  const call = (method: Parameters<Stage['call']>[0], url: string, body?: object) =>
    stage.call(method, url, key, body, ADDRESS);
  return { id, key, keyId, log, call };
}

function actionsOf({ body }: { body: { audit_logs: { action: string }[] } }): string[] {
  return body.audit_logs.map(({ action }) => action);
}

describe('the audit log', () => {
  test('tells who changed what from where, in the documented form', async () => {
    const { id, keyId, log, call } = await newOrganization();
    const app = (await call('POST', '/apps', { name: 'Shop', organization_id: id })).body;
    await clock.advance(1_000);
    await call('PUT', `/apps/${app.id}`, { name: 'Store', site_name: 'Store' });
    const { status, body } = await log('&actions=app.updated');
    expect(status).toBe(200);
    expect(body).toEqual({
      audit_logs: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          organization_id: id,
          app_id: app.id,
          action: 'app.updated',
          occurred_at: new Date(clock.now()).toISOString(),
          version: 1,
          actor: { type: 'api_key', id: keyId, name: 'admin', metadata: {} },
          targets: [{ type: 'app', id: app.id, name: 'Store', metadata: {} }],
          context: { ip: ADDRESS, user_agent: 'stage/1', metadata: {} },
          metadata: {
            changes: { name: { from: 'Shop', to: 'Store' }, site_name: { from: null, to: 'Store' } },
          },
        },
      ],
      has_more: false,
    });
  });

  test('has every change of accounts, the oldest first, and none of what did not happen', async () => {
    const { id, log, call } = await newOrganization();
    await call('PATCH', `/organizations/${id}`, { name: 'Renamed' });
    await call('PATCH', `/organizations/${id}`, { name: 'Renamed' });
    const app = (await call('POST', '/apps', { name: 'Shop', organization_id: id })).body;
    await call('PUT', `/apps/${app.id}`, { name: 'Shop' });
    await call('PUT', `/apps/${app.id}`, { name: '' });
    const tokens = `/apps/${app.id}/auth/tokens`;
    const token = (await call('POST', tokens, { name: 'k' })).body.token_id as string;
    await call('PATCH', `${tokens}/${token}`, { ip_allowlist: ['192.0.2.0/24'] });
    await call('PATCH', `${tokens}/${token}`, { ip_allowlist: ['nowhere'] });
    await call('POST', `${tokens}/${token}/rotate`);
    await call('DELETE', `${tokens}/${token}`);
    await call('DELETE', `${tokens}/${token}`);
    await call('DELETE', `/apps/${app.id}?confirm=wrong`);
    await call('DELETE', `/apps/${app.id}?confirm=Shop`);
    expect(actionsOf(await log())).toEqual([
      'organization.created',
      'api_key.created',
      'organization.updated',
      'app.created',
      'api_key.created',
      'api_key.updated',
      'api_key.rotated',
      'api_key.deleted',
      'app.deleted',
    ]);
  });

  test('knows the name of a key that deleted itself', async () => {
    const { id, log, call } = await newOrganization();
    const tokens = `/organizations/${id}/auth/tokens`;
    const { token_id: own, formatted_token: key } = (await call('POST', tokens, { name: 'passing' })).body;
    expect((await stage.call('DELETE', `${tokens}/${own}`, key)).status).toBe(200);
    const { body } = await log('&actions=api_key.deleted');
    expect(body.audit_logs).toMatchObject([
      { actor: { id: own, name: 'passing' }, targets: [{ type: 'api_key', id: own, name: 'passing' }] },
    ]);
    expect(body.audit_logs[0]).not.toHaveProperty('app_id');
  });

  test('names the system where nobody called', async () => {
    const { log } = await newOrganization();
    const { body } = await log('&actions=organization.created');
    expect(body.audit_logs[0].actor).toEqual({ type: 'system', metadata: {} });
    expect(body.audit_logs[0]).not.toHaveProperty('context');
  });

  test('never holds a secret', async () => {
    const { id, key, log, call } = await newOrganization();
    const { body } = await call('POST', `/organizations/${id}/auth/tokens`, { name: 'k' });
    const rotated = await call('POST', `/organizations/${id}/auth/tokens/${body.token_id}/rotate`);
    const text = JSON.stringify((await log()).body);
    for (const secret of [key, body.formatted_token, rotated.body.formatted_token]) {
      expect(text).not.toContain(secret.slice(12));
    }
  });

  test('is kept with the change: a transaction that fails leaves neither', async () => {
    const { id, log } = await newOrganization();
    const failing = db.database.transaction(async (transaction) => {
      await createApp(transaction, clock, { organizationId: id, name: 'Never' });
      throw new Error('too late');
    });
    await expect(failing).rejects.toThrow('too late');
    expect(actionsOf(await log())).toEqual(['organization.created', 'api_key.created']);
  });

  test('gives changes that happen together one place each, and pages through them without a gap', async () => {
    const { id, log, call } = await newOrganization();
    const names = Array.from({ length: 30 }, (_, at) => `App ${at}`);
    await Promise.all(names.map((name) => call('POST', '/apps', { name, organization_id: id })));
    const found: string[] = [];
    let page = (await log('&actions=app.created&limit=7')).body;
    for (;;) {
      found.push(...page.audit_logs.map((entry: { targets: { name: string }[] }) => entry.targets[0]?.name));
      if (!page.has_more) break;
      expect(page.audit_logs).toHaveLength(7);
      const path = `/organizations/${id}/audit_logs?cursor=${page.next_cursor}&limit=7&actions=app.created`;
      page = (await call('GET', path)).body;
    }
    expect(page).not.toHaveProperty('next_cursor');
    expect(found.toSorted()).toEqual(names.toSorted());
  });

  test('orders by commit: times do not go back because another machine’s clock is a little behind', async () => {
    const { id, log } = await newOrganization();
    const record = (now: number, name: string) =>
      recordChange(db.database, now, SYSTEM, {
        action: 'organization.updated',
        organizationId: id,
        appId: null,
        target: { type: 'organization', id, name },
      });
    const now = clock.now();
    await record(now + 30_000, 'ahead');
    await record(now, 'behind');
    // One that is wrong by a day does not drag the others along.
    await record(now + 86_400_000, 'wrong');
    await record(now, 'right');
    const { body } = await log('&actions=organization.updated');
    const seen = body.audit_logs.map((entry: { occurred_at: string; targets: { name: string }[] }) => [
      entry.targets[0]?.name,
      Date.parse(entry.occurred_at) - now,
    ]);
    expect(seen).toEqual([
      ['ahead', 30_000],
      ['behind', 30_000],
      ['wrong', 86_400_000],
      ['right', 0],
    ]);
  });
});

describe('a filter', () => {
  test('keeps to a window, ends included', async () => {
    const { id, call } = await newOrganization();
    await clock.advance(60_000);
    const at = new Date(clock.now()).toISOString();
    await call('PATCH', `/organizations/${id}`, { name: 'In' });
    await clock.advance(60_000);
    await call('PATCH', `/organizations/${id}`, { name: 'After' });
    const path = `/organizations/${id}/audit_logs?start_time=${at}`;
    const window = await call('GET', `${path}&end_time=${at.replace('000Z', '001Z')}`);
    expect(window.body.audit_logs).toMatchObject([{ targets: [{ name: 'In' }] }]);
  });

  test.each([
    ['actions', (app: string) => [`&actions=app.created&actions=app.updated`, app], ['app.created']],
    ['target_types', () => ['&target_types=organization'], ['organization.created']],
    ['target_ids', (app: string) => [`&target_ids=${app.toUpperCase()}`], ['app.created']],
    ['both kinds of target', (app: string) => [`&target_types=api_key&target_ids=${app}`], []],
    ['actor_emails', () => ['&actor_emails=someone@example.com'], []],
    ['ip_addresses', () => [`&ip_addresses=${ADDRESS}`], ['app.created', 'api_key.created']],
    ['an action that only others have', () => ['&actions=notification.sent'], []],
  ] as const)('looks at %s', async (_, query, wanted) => {
    const { id, log, call } = await newOrganization();
    const app = (await call('POST', '/apps', { name: 'A', organization_id: id })).body.id as string;
    await call('POST', `/apps/${app}/auth/tokens`, { name: 'k' });
    expect(actionsOf(await log(query(app)[0]))).toEqual(wanted);
  });

  test('looks at actor_ids', async () => {
    const { id, keyId, log, call } = await newOrganization();
    await call('PATCH', `/organizations/${id}`, { name: 'x' });
    expect(actionsOf(await log(`&actor_ids=${keyId}`))).toEqual(['organization.updated']);
  });

  test('of apps leaves in what belongs to no app', async () => {
    const { id, log, call } = await newOrganization();
    const [one, two] = await Promise.all(
      ['One', 'Two'].map(
        async (name) => (await call('POST', '/apps', { name, organization_id: id })).body.id,
      ),
    );
    const { body } = await log(`&app_ids=${one}`);
    const apps = body.audit_logs.map(({ app_id }: { app_id?: string }) => app_id);
    expect(new Set(apps)).toEqual(new Set([undefined, one]));
    expect(apps).not.toContain(two);
  });

  test.each([
    ['', 'start_time is required, unless there is a cursor'],
    ['start_time=soon', 'start_time must be an ISO 8601 time, such as 2026-11-25T00:00:00Z'],
    ['cursor=abc', 'cursor must be a next_cursor that this list gave out'],
    [`${START}&limit=many`, 'limit must be an integer, not a string'],
    [`${START}&app_ids=x`, 'app_ids[0] must be a valid UUID'],
    [
      `${START}${'&ip_addresses=1'.repeat(11)}`,
      'ip_addresses must have at most 10 entries: split them over several requests',
    ],
    [
      `${START}${'&actions=a'.repeat(21)}`,
      'actions must have at most 20 entries: split them over several requests',
    ],
  ])('cannot be %j', async (query, sentence) => {
    const { organizationId, organizationKey } = stage.first;
    expect(
      await stage.call('GET', `/organizations/${organizationId}/audit_logs?${query}`, organizationKey),
    ).toEqual({ status: 400, body: { errors: [sentence] } });
  });

  test.each([
    ['limit=0', 1],
    ['limit=-3', 1],
    ['limit=500', 100],
  ])('with %s gives pages of %i', async (query, size) => {
    const { id, log, call } = await newOrganization();
    for (let at = 0; at < 100; at += 1) await call('PATCH', `/organizations/${id}`, { name: `Name ${at}` });
    const { body } = await log(`&${query}`);
    expect(body.audit_logs).toHaveLength(size);
    expect(body.has_more).toBe(true);
  });
});

test('entries go when they are older than the setting says, and the others stay', async () => {
  const { id, log, call } = await newOrganization();
  await clock.advance(10 * 86_400_000);
  await call('PATCH', `/organizations/${id}`, { name: 'Younger' });
  await clock.advance(86_400_000);
  const jobs = accountsJobs({ database: db.database, clock, erasers: [], auditLogDays: 2 });
  await jobs.find(({ name }) => name === 'forget-audit-log')?.run(new AbortController().signal);
  expect(actionsOf(await log())).toEqual(['organization.updated']);
});

test('actions name what they are about before the point', () => {
  for (const action of AUDIT_ACTIONS) expect(action).toMatch(/^[a-z_]+\.[a-z]+$/);
  expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length);
});
