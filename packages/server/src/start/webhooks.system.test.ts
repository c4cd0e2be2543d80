import { until } from '@carillon/test-kit';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendCalls } from '../modules/webhooks/index.ts';
import { statement } from '../platform/database/database.ts';
import { laneOf, newId, newTimedId } from '../platform/ids.ts';
import { EventReceiver } from './fixtures/event-receiver.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

let server: MailingServer;
let receiver: EventReceiver;
let number = 0;
let anna: string;

const JOURNEY = newId();

beforeAll(async () => {
  receiver = await new EventReceiver().start();
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
  const { identity } = await server.done('POST', server.of('users'), {
    identity: { external_id: 'anna' },
    properties: { tags: { city: 'Oslo' }, language: 'en' },
    subscriptions: [{ type: 'Email', token: 'anna@example.com' }],
  });
  anna = identity.onesignal_id;
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
});

const of = (path = '') => server.of(`webhooks${path}`);
const call = (method: string, path: string, body?: object) => server.call(method, of(path), body);
const view = (id: string) => server.done('GET', of(`/${id}`));
const attempts = async (id: string, query = '') =>
  (await server.done('GET', of(`/${id}/attempts${query}`))).attempts;

/** A webhook at a path of its own. */
async function webhook(more: object = {}) {
  number += 1;
  const path = `/w${number}`;
  const made = await server.done('POST', of(), {
    name: `Webhook ${number}`,
    url: `${receiver.url}${path}`,
    retry_schedule: [1, 1, 1, 1, 1, 1],
    ...more,
  });
  return { ...made, path, arrived: () => receiver.at(path) };
}

interface Appended {
  readonly userId?: string;
  readonly events?: readonly object[];
  readonly dueInMs?: number;
}

const APPEND = statement(
  'test.append-calls',
  appendCalls(`select $1::int, unnest($2::uuid[]), $3::uuid, $4::uuid, $5::uuid, $6::jsonb, $7::jsonb, $8::timestamptz,
    $8::timestamptz`),
);

/** Appends calls as a journey does; their ids. */
async function append(
  webhookId: string,
  count: number,
  { userId = anna, events = [], dueInMs = -1_000 }: Appended = {},
): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newTimedId(Date.now()));
  await server.test.database.run(APPEND, [
    laneOf(userId),
    ids,
    server.carillon.appId,
    webhookId,
    userId,
    JSON.stringify({ journey_id: JOURNEY, node_id: newId(), run_id: newId() }),
    JSON.stringify({ journey: { name: 'Carts', events } }),
    new Date(Date.now() + dueInMs),
  ]);
  await server.test.database.run({ name: '', text: `select pg_notify('carillon_hints', 'webhooks')` });
  return ids;
}

async function auditLog() {
  const { organizationId, organizationKey } = server.carillon;
  const path = `/organizations/${organizationId}/audit_logs?start_time=2026-01-01T00:00:00Z`;
  return (await server.done('GET', path, undefined, organizationKey)).audit_logs;
}

const idsOf = (requests: readonly { readonly headers: object }[]) =>
  requests.map(({ headers }) => String((headers as Record<string, unknown>)['webhook-id']));

describe('a call of a webhook', () => {
  it('is made once, signed, with the user and the events of the journey filled in', async () => {
    const { id, secret, arrived } = await webhook({
      method: 'PUT',
      headers: { 'X-City': '{{ city }}', authorization: 'Bearer s3cret' },
      body: `{"who":"{{ user.external_id }}","mail":"{{ user.subscription.email }}","app":"{{ app.name }}",
        "journey":"{{ journey.name }}","total":{{ journey.first_event.properties.total }},
        "last":"{{ journey.last_event.name }}","sku":"{{ journey.event["cart left"].data.items[0] }}"}`,
    });
    const timestamp = '2026-11-26T12:00:00.000Z';
    const [callId] = await append(id, 1, {
      events: [
        { name: 'cart', properties: { total: 12.5 }, timestamp },
        { name: 'cart left', properties: { items: ['bell'] }, timestamp },
      ],
    });
    const [request] = await until('it has come', () => arrived().length > 0 && arrived());
    expect(request).toMatchObject({ method: 'PUT', headers: { 'x-city': 'Oslo', 'webhook-id': callId } });
    const told = new Webhook(secret).verify(request!.raw, request!.headers as Record<string, string>);
    expect(told).toMatchObject({
      who: 'anna',
      mail: 'anna@example.com',
      journey: 'Carts',
      total: 12.5,
      last: 'cart left',
      sku: 'bell',
    });
    await until('it is written down', async () => (await view(id)).delivered === 1);
    expect(await attempts(id)).toMatchObject([
      { call_id: callId, onesignal_id: anna, number: 1, outcome: 'taken', status: 204, reason: null },
    ]);
    expect(arrived()).toHaveLength(1);
  });

  it('has our JSON where no body is set', async () => {
    const { id, arrived } = await webhook();
    const [callId] = await append(id, 1);
    const [request] = await until('it has come', () => arrived().length > 0 && arrived());
    expect(JSON.parse(request!.raw)).toMatchObject({
      type: 'journey.webhook',
      id: callId,
      data: {
        user: { onesignal_id: anna, external_id: 'anna', tags: { city: 'Oslo' } },
        journey: { id: JOURNEY, name: 'Carts', first_event: {} },
      },
    });
  });

  it('is tried again under the same id while others are taken, and each try is kept and found', async () => {
    const { id, arrived, path } = await webhook();
    let bad = '';
    const triesOf = (callId: string) => idsOf(arrived()).filter((one) => one === callId).length;
    receiver.answer = ({ path: to, headers }) => {
      if (to !== path) return [204];
      bad ||= String(headers['webhook-id']);
      return headers['webhook-id'] === bad && triesOf(bad) < 3 ? [503, {}, 'busy'] : [204];
    };
    const ids = await append(id, 10);
    await until('all are made', async () => (await view(id)).delivered === 10);
    expect(await view(id)).toMatchObject({ state: 'active', waiting: 0, failures: 0, given_up: 0 });
    expect(ids.map(triesOf).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 3]);
    expect(await attempts(id, `?about=${bad}`)).toMatchObject([
      { number: 3, outcome: 'taken', status: 204 },
      { number: 2, outcome: 'failed', status: 503, reason: 'answered 503', answer: 'busy' },
      { number: 1, outcome: 'failed', status: 503 },
    ]);
    expect(await attempts(id, `?about=${JOURNEY}&outcome=failed`)).toHaveLength(2);
    expect(await attempts(id, '?status=204')).toHaveLength(10);
  });

  it('is listed in pages', async () => {
    const { id } = await webhook();
    await append(id, 5);
    await until('all are made', async () => (await view(id)).delivered === 5);
    const first = await server.done('GET', of(`/${id}/attempts?limit=3`));
    const second = await server.done(
      'GET',
      of(`/${id}/attempts?limit=3&cursor=${encodeURIComponent(first.next_cursor)}`),
    );
    const ids = [...first.attempts, ...second.attempts].map((one: { id: string }) => one.id);
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(5);
    expect(second.next_cursor).toBeUndefined();
  });

  it('about a user who is gone is not made', async () => {
    const { id, arrived } = await webhook();
    await append(id, 1, { userId: newTimedId(Date.now()) });
    await until('it is given up', async () => (await view(id)).given_up === 1);
    expect(arrived()).toEqual([]);
    expect(await attempts(id)).toMatchObject([
      { outcome: 'given_up', reason: 'the user is not there any more', url: null },
    ]);
  });
});

describe('a webhook whose endpoint', () => {
  it('is dead costs a few requests, is disabled at the end, keeps its calls, and makes them when it is enabled', async () => {
    const { id, path, arrived } = await webhook({ retry_schedule: [1, 1] });
    receiver.answer = ({ path: to }) => (to === path ? [500] : [204]);
    const ids = await append(id, 50);
    const { reason, waiting } = await until('it is disabled', async () => {
      const shown = await view(id);
      return shown.state === 'disabled' && shown;
    });
    expect(reason).toBe('nothing was taken for as long as the retry schedule goes: answered 500');
    expect(waiting).toBe(50);
    // Eight connections until the fifth failure, and three after each rest.
    expect(arrived().length).toBeLessThanOrEqual(8 + 4 + 2 * 3);
    expect(await auditLog()).toContainEqual(
      expect.objectContaining({ action: 'webhook.disabled', metadata: { reason } }),
    );
    receiver.answer = () => [204];
    await server.done('POST', of(`/${id}/enable`));
    await until('all are made', async () => (await view(id)).delivered === 50);
    expect(new Set(idsOf(arrived()))).toEqual(new Set(ids));
  });

  it('says 410 is disabled at once, and calls that wait can be left out', async () => {
    const { id, path } = await webhook();
    receiver.answer = ({ path: to }) => (to === path ? [410] : [204]);
    await append(id, 3);
    await until('it is disabled', async () => (await view(id)).state === 'disabled');
    expect(await view(id)).toMatchObject({ reason: 'answered 410: it is gone for good', waiting: 3 });
    const enabled = await server.done('POST', of(`/${id}/enable`), { skip_waiting: true });
    expect(enabled).toMatchObject({ state: 'active', waiting: 0 });
    receiver.answer = () => [204];
  });

  it('is slow delays no other', async () => {
    const slow = await webhook();
    const quick = await webhook();
    const held: (() => void)[] = [];
    const hanging = await new EventReceiver((done) => void held.push(done)).start();
    await server.done('PATCH', of(`/${slow.id}`), { url: `${hanging.url}/slow` });
    await append(slow.id, 1);
    await until('the slow one has its request', () => hanging.arrived.length === 1);
    await append(quick.id, 3);
    await until('the quick one has all', async () => (await view(quick.id)).delivered === 3);
    expect((await view(slow.id)).delivered).toBe(0);
    for (const done of held) done();
    await until('the slow one has its, too', async () => (await view(slow.id)).delivered === 1);
    await hanging.stop();
  });
});

describe('/apps/{app_id}/webhooks', () => {
  it('shows headers masked, changes only what is named, and tells the audit log no secret', async () => {
    const made = await webhook({ headers: { Authorization: 'Bearer s3cret', 'X-A': '1' } });
    expect(made).toMatchObject({
      headers: { Authorization: '********', 'X-A': '********' },
      method: 'POST',
      body: null,
      connections: 8,
      state: 'active',
      secret: expect.stringMatching(/^whsec_/),
    });
    const changed = await server.done('PATCH', of(`/${made.id}`), {
      headers: { authorization: '********', 'X-A': null, 'X-B': '{{ user.external_id }}' },
      body: '{"a":1}',
    });
    expect(changed).toMatchObject({
      headers: { Authorization: '********', 'X-B': '********' },
      body: '{"a":1}',
    });
    expect(changed.secret).toBeUndefined();
    await append(made.id, 1);
    const [request] = await until('it has come', () => made.arrived().length > 0 && made.arrived());
    expect(request!.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-b': 'anna' });
    expect(request!.headers['x-a']).toBeUndefined();
    const log = await auditLog();
    expect(JSON.stringify(log)).toContain('set anew');
    expect(JSON.stringify(log)).not.toContain('s3cret');
  });

  it('lists by name in pages', async () => {
    const names: string[] = [];
    for (let cursor = ''; ;) {
      const page = await server.done('GET', of(`?limit=2${cursor}`));
      names.push(...page.webhooks.map(({ name }: { name: string }) => name));
      if (page.next_cursor === undefined) break;
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
    expect(names.length).toBeGreaterThan(3);
    expect(names).toEqual([...new Set(names)].toSorted());
  });

  it.each([
    [{ url: 'http://example.com/x' }, 400, 'url must begin with https://'],
    [{ url: 'https://10.0.0.1/x' }, 400, 'url must lead to the public internet'],
    [{ url: 'https://{{ user.tags.host }}/x' }, 400, 'url must have its Liquid behind the host'],
    [{ url: 'https://example.com', body: '{{ a' }, 400, 'body'],
    [
      { url: 'https://example.com', headers: { 'webhook-id': '1' } },
      400,
      'headers.webhook-id is set by the server',
    ],
    [{ url: 'https://example.com', method: 'GET', body: 'x' }, 400, 'method must not be GET with a body'],
    [{ url: 'https://example.com', secret: 'x' }, 400, 'secret must be whsec_'],
    [{ url: 'https://example.com', retry_schedule: [] }, 400, 'retry_schedule'],
    [{}, 400, 'url'],
  ])('refuses what could never be sent: %j', async (body, status, words) => {
    const answer = await call('POST', '', { name: 'Refused', ...body });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  it('refuses a name that is taken, and knows only its own app', async () => {
    const { id, name } = await webhook();
    const again = await call('POST', '', { name, url: 'https://example.com' });
    expect(again.status).toBe(409);
    expect((await call('GET', `/${newId()}`)).status).toBe(404);
    const { organizationId, organizationKey } = server.carillon;
    const body = { name: 'Other', organization_id: organizationId };
    const other = await server.done('POST', '/apps', body, organizationKey);
    const key = await server.done('POST', `/apps/${other.id}/auth/tokens`, { name: 'k' }, organizationKey);
    const theirs = await server.call(
      'GET',
      `/apps/${other.id}/webhooks/${id}`,
      undefined,
      key.formatted_token,
    );
    expect(theirs.status).toBe(404);
  });

  it('is not deleted while a journey calls it', async () => {
    const { id } = await webhook();
    const name = 'Carts';
    await server.test.database.run(
      statement(
        'test.journey',
        `insert into journeys (app_id, id, name, state, definition, created_at, updated_at)
         values ($1, $2, $3, 'draft', $4, now(), now())`,
      ),
      [
        server.carillon.appId,
        newId(),
        name,
        JSON.stringify({ nodes: [{ branches: [{ nodes: [{ kind: 'send_webhook', webhookId: id }] }] }] }),
      ],
    );
    const refused = await call('DELETE', `/${id}`);
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.body)).toContain(name);
    await server.test.database.run({ name: '', text: `delete from journeys where name = 'Carts'` });
    expect((await call('DELETE', `/${id}`)).body).toEqual({ success: true });
    expect((await call('GET', `/${id}`)).status).toBe(404);
  });

  it('makes a test call about somebody who is named or made up, and tells what came of it', async () => {
    const { id, path } = await webhook({
      url: `${receiver.url}/test/{{ user.external_id }}`,
      body: '{"e":"{{ journey.last_event.name }}","n":{{ journey.event.paid.properties.n | default: 0 }}}',
    });
    receiver.answer = () => [201, {}, 'thanks'];
    expect(path).toMatch(/^\/w/);
    expect(await server.done('POST', of(`/${id}/test`))).toMatchObject({
      outcome: 'taken',
      status: 201,
      reason: null,
      url: `${receiver.url}/test/test`,
      request: '{"e":"test","n":0}',
      answer: 'thanks',
    });
    const about = { external_id: 'anna', events: [{ name: 'paid', properties: { n: 7 } }] };
    expect(await server.done('POST', of(`/${id}/test`), about)).toMatchObject({
      url: `${receiver.url}/test/anna`,
      request: '{"e":"paid","n":7}',
    });
    expect((await call('POST', `/${id}/test`, { external_id: 'nobody' })).status).toBe(404);
    expect((await view(id)).delivered).toBe(0);
    receiver.answer = () => [204];
  });

  it('signs with two secrets for a while after one was changed', async () => {
    const { id, secret, arrived } = await webhook();
    const rotated = await server.done('POST', of(`/${id}/rotate_secret`));
    await append(id, 1);
    const [request] = await until('it has come', () => arrived().length > 0 && arrived());
    for (const one of [secret, rotated.secret]) {
      const told = new Webhook(one).verify(request!.raw, request!.headers as Record<string, string>);
      expect(told).toMatchObject({ type: 'journey.webhook' });
    }
  });
});
