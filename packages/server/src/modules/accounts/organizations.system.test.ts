import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { createApiKey, createOrganization } from './index.ts';
import { startStage } from './fixtures/stage.ts';
import type { Method, Stage } from './fixtures/stage.ts';

const UNKNOWN = '99999999-9999-4999-8999-999999999999';
const NOT_PERMITTED = {
  status: 403,
  body: { errors: ['Current organization permissions do not allow this action.'] },
};

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

/** An organization of its own, with one key. */
async function newOrganization() {
  const id = await createOrganization(db.database, clock, { name: 'Of its own' });
  const owner = { organizationId: id, appId: null };
  const { token_id: keyId, formatted_token: key } = await createApiKey(db.database, clock, owner, {
    name: 'only',
  });
  return { id, key, keyId, tokens: `/organizations/${id}/auth/tokens` };
}

/** Every route that names an organization. */
function routes(id: string): [Method, string, object?][] {
  return [
    ['GET', `/organizations/${id}`],
    ['PATCH', `/organizations/${id}`, { name: 'Taken' }],
    ['GET', `/organizations/${id}/auth/tokens`],
    ['POST', `/organizations/${id}/auth/tokens`, { name: 'k' }],
    ['PATCH', `/organizations/${id}/auth/tokens/${UNKNOWN}`, { name: 'k' }],
    ['POST', `/organizations/${id}/auth/tokens/${UNKNOWN}/rotate`],
    ['DELETE', `/organizations/${id}/auth/tokens/${UNKNOWN}`],
    ['GET', `/organizations/${id}/audit_logs?start_time=2026-11-01`],
    ['GET', `/organizations/${id}/deleted_apps/${UNKNOWN}`],
  ];
}

describe('an organization', () => {
  test('is viewed and renamed by its own key', async () => {
    const { id, key } = await newOrganization();
    const path = `/organizations/${id}`;
    const seen = await stage.call('GET', path, key);
    expect(seen).toEqual({
      status: 200,
      body: { id, name: 'Of its own', created_at: expect.any(String), updated_at: expect.any(String) },
    });
    await clock.advance(1_000);
    const renamed = await stage.call('PATCH', `/organizations/${id.toUpperCase()}`, key, { name: 'Better' });
    expect(renamed.body).toEqual({
      ...seen.body,
      name: 'Better',
      updated_at: new Date(clock.now()).toISOString(),
    });
    expect(await stage.call('PATCH', path, key, {})).toEqual(renamed);
    expect(await stage.call('GET', path, key)).toEqual(renamed);
  });

  test.each([
    [{ name: '' }, 'name can not be blank'],
    [{ name: 'x'.repeat(129) }, 'name must be at most 128 characters long'],
    [{ name: 5 }, 'name must be a string, not a number'],
    [undefined, 'The request body must be an object, not missing'],
  ])('is not renamed with the body %j', async (body, sentence) => {
    const { organizationId, organizationKey } = stage.first;
    expect(await stage.call('PATCH', `/organizations/${organizationId}`, organizationKey, body)).toEqual({
      status: 400,
      body: { errors: [sentence] },
    });
  });

  test('opens none of its routes to another organization, to an app, or to nobody', async () => {
    const { first, stranger } = stage;
    for (const [method, url, body] of routes(first.organizationId)) {
      for (const key of [stranger.organizationKey, stranger.key, first.appKey]) {
        expect([method, url, await stage.call(method, url, key, body)]).toEqual([method, url, NOT_PERMITTED]);
      }
      expect((await stage.call(method, url, undefined, body)).status).toBe(403);
    }
    for (const id of [UNKNOWN, 'no-uuid']) {
      for (const [method, url, body] of routes(id)) {
        expect(await stage.call(method, url, first.organizationKey, body)).toEqual(NOT_PERMITTED);
      }
    }
  });
});

describe('keys of an organization', () => {
  test('are made, listed, changed, rotated and deleted as those of apps are', async () => {
    const { key, keyId, tokens } = await newOrganization();
    await clock.advance(1);
    const created = await stage.call('POST', tokens, key, { name: 'second' });
    expect(created.status).toBe(200);
    expect(created.body.formatted_token).toMatch(/^os_v2_org_/);
    const one = `${tokens}/${created.body.token_id}`;
    expect(await stage.call('PATCH', one, key, { name: 'renamed' })).toEqual({ status: 200, body: {} });
    const listed = await stage.call('GET', tokens, created.body.formatted_token);
    expect(listed.body.tokens).toMatchObject([
      { token_id: keyId, name: 'only' },
      { token_id: created.body.token_id, name: 'renamed' },
    ]);
    const rotated = await stage.call('POST', `${one}/rotate`, key);
    expect((await stage.call('GET', tokens, created.body.formatted_token)).status).toBe(403);
    expect((await stage.call('GET', tokens, rotated.body.formatted_token)).status).toBe(200);
    expect(await stage.call('DELETE', one, key)).toEqual({ status: 200, body: {} });
    expect((await stage.call('GET', tokens, rotated.body.formatted_token)).status).toBe(403);
    expect(await stage.call('DELETE', one, key)).toEqual({
      status: 404,
      body: { errors: ['Token not found'] },
    });
  });

  test('are apart from those of its apps, whatever the query string says', async () => {
    const { first, sibling } = stage;
    const ofApp = await stage.call('GET', `/apps/${sibling.appId}/auth/tokens`, first.organizationKey);
    const appKeyId = ofApp.body.tokens[0].token_id as string;
    const own = `/organizations/${first.organizationId}/auth/tokens`;
    const listed = await stage.call('GET', `${own}?app_id=${sibling.appId}`, first.organizationKey);
    expect(listed.body.tokens.map(({ token_id }: { token_id: string }) => token_id)).not.toContain(appKeyId);
    const path = `${own}/${appKeyId}?app_id=${sibling.appId}`;
    expect((await stage.call('DELETE', path, first.organizationKey)).status).toBe(404);
    expect((await stage.call('GET', `/apps/${sibling.appId}/whoami`, sibling.key)).status).toBe(200);
  });

  test('cannot be deleted to the last one, and the answer says what to do first', async () => {
    const { id, key, keyId, tokens } = await newOrganization();
    expect(await stage.call('DELETE', `${tokens}/${keyId}`, key)).toEqual({
      status: 409,
      body: {
        errors: [
          `This is the only API key of the organization: without it nobody could manage its apps and keys. Create another one first, with POST /organizations/${id}/auth/tokens.`,
        ],
      },
    });
    const { body } = await stage.call('POST', tokens, key, { name: 'next' });
    // A key may delete itself when another one is left.
    expect((await stage.call('DELETE', `${tokens}/${keyId}`, key)).status).toBe(200);
    expect((await stage.call('GET', tokens, key)).status).toBe(403);
    expect((await stage.call('GET', tokens, body.formatted_token)).status).toBe(200);
  });

  test('keep one of two that are deleted at the same moment', async () => {
    const { key, keyId, tokens } = await newOrganization();
    const second = (await stage.call('POST', tokens, key, { name: 'second' })).body;
    const answers = await Promise.all([
      stage.call('DELETE', `${tokens}/${keyId}`, key),
      stage.call('DELETE', `${tokens}/${second.token_id}`, key),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409]);
  });

  test('cannot shut out the one who changes the only one', async () => {
    const { key, keyId, tokens } = await newOrganization();
    const one = `${tokens}/${keyId}`;
    const elsewhere = { ip_allowlist_mode: 'explicit', ip_allowlist: ['192.0.2.0/24'] };
    const refused = await stage.call('PATCH', one, key, elsewhere, '198.51.100.7');
    expect(refused.status).toBe(409);
    expect(refused.body.errors[0]).toContain('ip_allowlist leaves out 198.51.100.7, from where you call');
    const listed = await stage.call('GET', tokens, key, undefined, '198.51.100.7');
    expect(listed.body.tokens).toMatchObject([{ ip_allowlist_mode: 'disabled', ip_allowlist: [] }]);
    expect((await stage.call('PATCH', one, key, elsewhere, '192.0.2.7')).status).toBe(200);
    expect((await stage.call('GET', tokens, key, undefined, '198.51.100.7')).status).toBe(403);
  });

  test('may be tied to other addresses while another key works', async () => {
    const { key, keyId, tokens } = await newOrganization();
    await stage.call('POST', tokens, key, { name: 'second' });
    const elsewhere = { ip_allowlist_mode: 'explicit', ip_allowlist: ['192.0.2.0/24'] };
    expect((await stage.call('PATCH', `${tokens}/${keyId}`, key, elsewhere)).status).toBe(200);
  });

  test('are at most 16', async () => {
    const { key, tokens } = await newOrganization();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => stage.call('POST', tokens, key, { name: 'k' })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(15);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5);
  });
});
