import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { startOneSignalFake } from './index.ts';
import type { FakeOptions, OneSignalFake } from './index.ts';

const KEY_1 = '3f8a1c52-7b7e-3d3a-9c1c-0f2f5b1a7c01';
let fake: OneSignalFake;
let now = 0;

async function start(options: FakeOptions = {}): Promise<void> {
  now = Date.parse('2026-11-26T12:00:00Z');
  fake = await startOneSignalFake({ now: () => now, ...options });
}
afterEach(() => fake.stop());

async function call(method: string, path: string, body?: object, key = fake.apiKey) {
  const response = await fetch(fake.url + path.replace('{app}', fake.appId), {
    method,
    headers: { 'content-type': 'application/json', ...(key !== '' && { authorization: `Key ${key}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, json, headers: response.headers };
}

function user(externalId: string, more: object = {}) {
  return {
    identity: { external_id: externalId },
    properties: { tags: { plan: 'pro' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: `${externalId}@example.com` }],
    ...more,
  };
}

/** Far enough for every rate. */
function later(ms = 2000): void {
  now += ms;
}

describe('users of the fake', () => {
  it('are made with 200 and modified with 202, which leaves their properties alone', async () => {
    await start();
    const made = await call('POST', '/apps/{app}/users', user('1'));
    expect(made).toMatchObject({
      status: 200,
      json: { identity: { external_id: '1' }, subscriptions: [{ type: 'Email', enabled: true }] },
    });
    later();
    const again = await call(
      'POST',
      '/api/v1/apps/{app}/users',
      user('1', { properties: { tags: { plan: 'x' } } }),
    );
    expect(again).toMatchObject({ status: 202, json: { properties: { tags: { plan: 'pro' } } } });
    later();
    const patched = await call('PATCH', '/apps/{app}/users/by/external_id/1', {
      properties: { tags: { plan: '' } },
    });
    expect(patched).toMatchObject({ status: 202, json: { properties: { tags: {}, language: 'en' } } });
  });

  it('apply the properties of somebody who is there where that is the leaning', async () => {
    await start({ leanings: { createSetsProperties: true } });
    await call('POST', '/apps/{app}/users', user('1'));
    later();
    const again = await call('POST', '/apps/{app}/users', user('1', { properties: { tags: { plan: 'x' } } }));
    expect(again.json).toMatchObject({ properties: { tags: { plan: 'x' } } });
  });

  it('lose an address to whoever claims it, and an alias to nobody', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    await call(
      'POST',
      '/apps/{app}/users',
      user('2', { subscriptions: [{ type: 'email', token: '1@EXAMPLE.com' }] }),
    );
    expect((await call('GET', '/apps/{app}/users/by/external_id/1')).json).toMatchObject({
      subscriptions: [],
    });
    later();
    await call('PATCH', '/apps/{app}/users/by/external_id/1/identity', { identity: { crm: 'c1' } });
    expect(
      await call('PATCH', '/apps/{app}/users/by/external_id/2/identity', { identity: { crm: 'c1' } }),
    ).toMatchObject({
      status: 409,
      json: { errors: [{ code: 'user-2', meta: { crm: 'c1', conflicting_aliases: { crm: 'c1' } } }] },
    });
  });

  it('push out the oldest subscription with the 21st', async () => {
    await start();
    const phones = Array.from({ length: 22 }, (_, i) => ({ type: 'SMS', token: `+1555555${1000 + i}` }));
    const { json } = await call('POST', '/apps/{app}/users', user('1', { subscriptions: phones }));
    expect(json?.['subscriptions']).toHaveLength(20);
    expect(fake.violations.list()).toMatchObject([{ kind: 'subscriptions-per-user', count: 2 }]);
    expect(fake.app.people.size).toBe(3);
  });

  it('are gone with their addresses after a delete, and then unknown', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    later();
    expect(await call('DELETE', '/apps/{app}/users/by/external_id/1')).toMatchObject({ status: 202 });
    later();
    expect(await call('PATCH', '/apps/{app}/users/by/external_id/1', {})).toMatchObject({ status: 404 });
    expect(await call('PATCH', '/apps/{app}/subscriptions_by_token/Email/1%40example.com', {})).toMatchObject(
      {
        status: 404,
        json: { errors: [{ code: 'subscription-0' }] },
      },
    );
  });

  it('want a key where the documents do', async () => {
    await start();
    expect((await call('POST', '/apps/{app}/users', user('1'), '')).status).toBe(200);
    expect((await call('GET', '/apps/{app}/users/by/external_id/1', undefined, '')).status).toBe(401);
    expect(await call('GET', '/templates', undefined, 'wrong')).toMatchObject({ status: 403 });
    expect(await call('POST', '/apps/{app}/custom_events', { events: [] }, 'wrong')).toMatchObject({
      status: 401,
      json: null,
    });
  });
});

describe('limits of the fake', () => {
  it('let through what was published and answer 429 with whole seconds', async () => {
    await start({ rates: { users: 3 } });
    const answers = [];
    for (let i = 0; i < 5; i += 1) answers.push(await call('POST', '/apps/{app}/users', user(String(i))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers[3]?.headers.get('retry-after')).toBe('1');
    expect(answers[3]?.json).toEqual({
      errors: [{ code: 'Rate Limit Exceeded', title: 'API rate limit exceeded' }],
    });
    later();
    expect((await call('POST', '/apps/{app}/users', user('6'))).status).toBe(200);
    expect(fake.violations.list()).toMatchObject([
      { kind: 'rate', count: 2, where: 'POST /apps/:app/users' },
    ]);
  });

  it('count who comes before the time that was named', async () => {
    await start({ rates: { users: 1 } });
    await call('POST', '/apps/{app}/users', user('1'));
    await call('POST', '/apps/{app}/users', user('2'));
    later(600);
    await call('POST', '/apps/{app}/users', user('2'));
    expect(fake.violations.list().map(({ kind }) => kind)).toEqual(['rate', 'early']);
    expect(fake.limits.counts().users).toMatchObject({ accepted: 1, refused: 2, early: 1, permitted: 0 });
  });

  it('allow one write a second for each user, and ten views at once', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    later(999);
    expect((await call('PATCH', '/apps/{app}/users/by/external_id/1', {})).status).toBe(429);
    later(1);
    expect((await call('PATCH', '/apps/{app}/users/by/external_id/1', {})).status).toBe(202);
    const views = [];
    for (let i = 0; i < 11; i += 1)
      views.push((await call('GET', '/apps/{app}/users/by/external_id/1')).status);
    expect(views.filter((status) => status === 200)).toHaveLength(10);
    expect(views.at(-1)).toBe(429);
  });

  it('refuse more than 100 properties a request, and more tags than the plan has', async () => {
    await start({ plan: 'free' });
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`t${i}`, 'x']));
    expect(await call('POST', '/apps/{app}/users', user('1', { properties: { tags: many } }))).toMatchObject({
      status: 400,
      json: { errors: [{ title: 'Please limit your tag updates to 100 per request' }] },
    });
    later();
    await call('POST', '/apps/{app}/users', user('1', { properties: { tags: { a: '1', b: '2' } } }));
    later();
    const third = { properties: { tags: { c: '3' } } };
    expect((await call('PATCH', '/apps/{app}/users/by/external_id/1', third)).status).toBe(400);
    later();
    const changed = { properties: { tags: { a: '4' } } };
    expect((await call('PATCH', '/apps/{app}/users/by/external_id/1', changed)).status).toBe(202);
    expect(fake.violations.list().map(({ kind }) => kind)).toEqual([
      'properties-per-request',
      'tags-per-user',
    ]);
  });
});

describe('events of the fake', () => {
  it('are taken once for each key, and an unknown user is an entry of the answer', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    const event = { name: 'bought', external_id: '1', idempotency_key: KEY_1, payload: { sku: 'a' } };
    const events = [event, { ...event, external_id: 'nobody', idempotency_key: undefined }];
    expect(await call('POST', '/apps/{app}/custom_events', { events })).toMatchObject({
      status: 202,
      json: {
        errors: [
          {
            event_user_id: 'nobody',
            error: { code: 'not found', title: 'failed to find a onesignal_id for user_id nobody' },
          },
        ],
      },
    });
    expect(await call('POST', '/apps/{app}/custom_events', { events: [event] })).toMatchObject({
      status: 202,
      json: {},
    });
    expect(fake.app.events).toMatchObject([{ name: 'bought', externalId: '1', properties: { sku: 'a' } }]);
    later(5 * 3_600_000);
    await call('POST', '/apps/{app}/custom_events', { events: [event] });
    expect(fake.app.events).toHaveLength(2);
  });

  it('are refused as a batch when one is over 2,024 bytes', async () => {
    await start();
    const events = [{ name: 'big', external_id: '1', properties: { text: 'x'.repeat(2000) } }];
    expect(await call('POST', '/apps/{app}/custom_events', { events })).toMatchObject({
      status: 400,
      json: {},
    });
    expect(fake.violations.list()).toMatchObject([{ kind: 'event-size', count: 1 }]);
  });
});

function message(externalId: string) {
  return {
    app_id: fake.appId,
    include_aliases: { external_id: [externalId] },
    target_channel: 'email',
    template_id: KEY_1,
    idempotency_key: KEY_1,
  };
}

describe('messages of the fake', () => {
  it('are sent once for a key in 30 days, and a replay says so', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    const first = await call('POST', '/notifications', message('1'));
    expect(first).toMatchObject({ status: 200, json: { external_id: KEY_1 } });
    const again = await call('POST', '/notifications', message('1'));
    expect(again.json).toEqual(first.json);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    later(31 * 86_400_000);
    expect((await call('POST', '/notifications', message('1'))).json?.['id']).not.toBe(first.json?.['id']);
    expect(fake.app.messages.size).toBe(2);
  });

  it('have an empty id, still with 200, when they reach nobody', async () => {
    await start();
    expect(await call('POST', '/notifications', message('nobody'))).toMatchObject({
      status: 200,
      json: { id: '', errors: ['All included players are not subscribed'] },
    });
  });
});

describe('files of the fake', () => {
  it('are imported by the rules of the dashboard', async () => {
    await start();
    const csv = `external_id,email,phone_number,subscribed,language,plan
1,a@example.com,,yes,en,"pro, ""old"""
1,,+15555550100,no,,
2,nonsense,,,,
`;
    const response = await fetch(`${fake.url}/_fake/import`, { method: 'POST', body: csv });
    expect(await response.json()).toEqual({
      created: 1,
      updated: 1,
      refused: [{ line: 4, rule: 'has an email address or a phone number that is none' }],
    });
    const { json } = await call('GET', '/apps/{app}/users/by/external_id/1');
    expect(json).toMatchObject({
      properties: { tags: { plan: 'pro, "old"' }, language: 'en' },
      subscriptions: [
        { type: 'Email', enabled: true },
        { type: 'SMS', enabled: false },
      ],
    });
    const bad = await fetch(`${fake.url}/_fake/import`, { method: 'POST', body: 'plan\npro\n' });
    expect(bad.status).toBe(400);
  });

  it('are exported as gzip, which is not there before it is ready', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    const { json } = await call('POST', `/players/csv_export?app_id=${fake.appId}`, {
      extra_fields: ['external_user_id'],
    });
    const url = String(json?.['csv_file_url']);
    expect((await fetch(url)).status).toBe(404);
    later();
    const text = gunzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).toString();
    expect(text.split('\n')[1]).toContain('1@example.com');
    const fields = ['onesignal_id', 'location', 'web_auth', 'web_p256'];
    await call('POST', `/players/csv_export?app_id=${fake.appId}`, { extra_fields: fields });
    const [, last] = [...fake.app.exports.values()];
    const [header] = gunzipSync(last?.file ?? '')
      .toString()
      .split('\n');
    expect(header).toMatch(/^id,identifier,.*,invalid_identifier,onesignal_id,lat,long,web_auth,web_p256$/);
  });
});

describe('templates and segments of the fake', () => {
  it('are viewed with every documented member of their content', async () => {
    await start();
    const made = await call('POST', '/templates', {
      app_id: fake.appId,
      name: 'Code',
      isSMS: true,
      contents: { en: 'Your code' },
    });
    const viewed = await call('GET', `/templates/${String(made.json?.['id'])}?app_id=${fake.appId}`);
    expect(viewed).toMatchObject({
      status: 200,
      json: { name: 'Code', channel: 'SMS', content: { contents: { en: 'Your code' }, email_body: null } },
    });
    expect((await call('GET', `/templates/nothing?app_id=${fake.appId}`)).json).toEqual({
      errors: ['template not found'],
    });
  });

  it('are listed, and viewed with their filters unless they are of events', async () => {
    await start();
    await call('POST', '/apps/{app}/users', user('1'));
    const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'pro' }];
    const { id } = fake.app.addSegment({ name: 'Pro', filters, subscribers: 7 }, now);
    const ofEvents = fake.app.addSegment({ name: 'Buyers', isUserBased: true }, now);
    const { json } = await call('GET', '/apps/{app}/segments');
    expect(json).toMatchObject({
      total_count: 3,
      segments: [{ name: 'Subscribed Users', read_only: true }, { name: 'Pro' }, { name: 'Buyers' }],
    });
    const everybody = fake.app.segments[0]?.id ?? '';
    expect((await call('GET', `/apps/{app}/segments/${everybody}`)).json).toEqual({ subscriber_count: 1 });
    const detail = await call('GET', `/apps/{app}/segments/${id}?include-segment-detail=true`);
    expect(detail.json).toMatchObject({ subscriber_count: 7, payload: { source: 'custom', filters } });
    expect((await call('GET', `/apps/{app}/segments/${ofEvents.id}`)).status).toBe(400);
    expect((await call('GET', '/apps/{app}/segments/nothing')).status).toBe(404);
  });
});

describe('faults of the fake', () => {
  it('follow their script and then their rates, and are changed while it runs', async () => {
    await start();
    const put = (body: object) =>
      fetch(`${fake.url}/_fake/faults`, { method: 'PUT', body: JSON.stringify(body) });
    await put({ script: ['unavailable', 'lose-answer', 'rate-limit', 'reset'] });
    expect((await call('POST', '/apps/{app}/users', user('1'))).status).toBe(503);
    await expect(call('POST', '/apps/{app}/users', user('1'))).rejects.toThrow('fetch failed');
    expect(fake.app.people.size).toBe(1);
    expect((await call('POST', '/apps/{app}/users', user('2'))).status).toBe(429);
    await expect(call('POST', '/apps/{app}/users', user('2'))).rejects.toThrow('fetch failed');
    expect(fake.app.people.size).toBe(1);
    await put({ rates: { 'server-error': 1 } });
    expect((await call('POST', '/apps/{app}/users', user('2'))).status).toBe(500);
    await fetch(`${fake.url}/_fake/faults`, { method: 'DELETE' });
    expect((await call('POST', '/apps/{app}/users', user('2'))).status).toBe(200);
  });

  it('are told by the counts, with whatever broke the contract', async () => {
    await start();
    await call('GET', '/nowhere');
    const summary = (await (await fetch(`${fake.url}/_fake`)).json()) as Record<string, unknown>;
    expect(summary).toMatchObject({
      users: 0,
      violations: [{ kind: 'no-such-route', who: expect.any(String) }],
    });
  });
});
