import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { Client, required } from './index.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}
type Reply = { status: number; headers?: Record<string, string>; body: string } | 'reset';

let server: Server | undefined;
let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  server?.close();
});

/** A server that gives the replies in turn and keeps what it was asked. */
async function serve(...replies: Reply[]): Promise<{ client: Client; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer((request, response) => {
    void answer(request, response);
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    seen.push({
      method: request.method ?? '',
      url: request.url ?? '',
      authorization: request.headers.authorization,
      body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>),
    });
    const reply = replies.shift() ?? 'reset';
    if (reply === 'reset') request.socket.destroy();
    else
      response
        .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        .end(reply.body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  client = new Client({ url: `http://127.0.0.1:${port}/api/v1/`, appId: 'the-app', apiKey: 'secret' });
  return { client, seen };
}

const user = (id: string) =>
  `{"identity":{"external_id":"${id}"},"properties":{"tags":{}},"subscriptions":[]}`;

describe('the client', () => {
  it('encodes aliases, keeps the path of the base URL and sends the key', async () => {
    const { client, seen } = await serve({
      status: 200,
      body: '{"identity":{},"properties":{},"subscriptions":[]}',
    });
    required(await client.users.view({ label: 'external_id', id: 'a/b c' }));
    expect(seen).toMatchObject([
      {
        method: 'GET',
        url: '/api/v1/apps/the-app/users/by/external_id/a%2Fb%20c',
        authorization: 'Key secret',
      },
    ]);
  });

  it('repeats a message under one idempotency key until it is answered', async () => {
    const { client, seen } = await serve(
      { status: 429, headers: { 'retry-after': '0' }, body: '{"errors":["API rate limit exceeded"]}' },
      { status: 503, headers: { 'retry-after': '0' }, body: '' },
      { status: 200, headers: { 'Idempotent-Replayed': 'true' }, body: '{"id":"m-1","external_id":null}' },
    );
    const answer = await client.notifications.create({ template_id: 't', target_channel: 'email' });
    expect(answer).toEqual({
      ok: true,
      status: 200,
      replayed: true,
      value: { kind: 'accepted', id: 'm-1', warnings: null },
    });
    expect(new Set(seen.map((request) => request.body['idempotency_key'])).size).toBe(1);
    expect(seen).toHaveLength(3);
  });

  it('tells a message that reached nobody from one that was accepted', async () => {
    const { client } = await serve({
      status: 200,
      body: '{"id":"","errors":["All included players are not subscribed"]}',
    });
    expect(required(await client.notifications.create({}))).toEqual({
      kind: 'no-recipients',
      reasons: ['All included players are not subscribed'],
    });
  });

  it('counts whom a message would reach, and tells why segments reach nobody', async () => {
    const { client, seen } = await serve(
      { status: 200, body: '{"count":3,"uncapped_count":null,"cap_applied":false}' },
      { status: 200, body: '{"id":"","errors":["nobody"],"warnings":["no segment named all"]}' },
    );
    const filters = [{ field: 'tag', key: 'plan', relation: '=', value: 'gold' }, { operator: 'OR' }];
    expect(required(await client.notifications.count({ filters })).count).toBe(3);
    expect(seen).toMatchObject([
      { url: '/api/v1/notifications/count-unsaved', body: { app_id: 'the-app', filters } },
    ]);
    expect(required(await client.notifications.create({ included_segments: ['all'] }))).toEqual({
      kind: 'no-recipients',
      reasons: ['nobody', 'no segment named all'],
    });
  });

  it('sets keywords of text messages as a whole, as often as it takes', async () => {
    const view = '{"fixed_words":{},"stop":{"words":["BASTA"],"reply":null},"senders":[]}';
    const { client, seen } = await serve('reset', { status: 200, body: view });
    const set = required(await client.smsKeywords.set({ stop: { words: ['BASTA'], reply: null } }));
    expect(set.stop.words).toEqual(['BASTA']);
    const body = { stop: { words: ['BASTA'], reply: null } };
    const request = { method: 'PUT', url: '/api/v1/apps/the-app/channels/sms/keywords', body };
    expect(seen).toMatchObject([request, request]);
  });

  it('saves a segment once under an id of its own, looks into it, pauses it, and asks who is in it', async () => {
    const id = '0f4e5c1a-1b2c-4d3e-8f90-a1b2c3d4e5f6';
    const changed = `{"success":true,"id":"${id}"}`;
    const { client, seen } = await serve(
      { status: 201, body: changed },
      { status: 200, body: '{"subscriber_count":3}' },
      { status: 200, body: `{"success":true,"id":"${id}","is_active":false}` },
      { status: 200, body: '{"subscriber_count":2,"sample":[]}' },
      { status: 200, body: '{"segments":[],"total_count":0}' },
      { status: 200, body: '{"is_live":false,"members":[{"external_id":"ann"}],"next_cursor":"c"}' },
      { status: 200, body: '{"is_live":false,"members":[{"external_id":"ben"}]}' },
      'reset',
    );
    const filters = [{ field: 'country', relation: '=', value: 'DE' }];
    required(await client.segments.create({ name: 'Germany', filters }));
    expect(required(await client.segments.view(id, { detail: true })).subscriber_count).toBe(3);
    expect(required(await client.segments.pause(id)).is_active).toBe(false);
    required(await client.segments.preview({ filters }));
    required(await client.users.segments({ label: 'external_id', id: 'ann' }, { limit: 5 }));
    const names: (string | null)[] = [];
    for await (const { external_id } of client.segments.members(id, { limit: 1 })) names.push(external_id);
    expect(names).toEqual(['ann', 'ben']);
    expect(await client.segments.create({ name: 'Lost', filters })).toMatchObject({ ok: false });
    expect(seen).toMatchObject([
      {
        url: '/api/v1/apps/the-app/segments',
        body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'Germany', filters },
      },
      { url: `/api/v1/apps/the-app/segments/${id}?include-segment-detail=true` },
      { method: 'POST', url: `/api/v1/apps/the-app/segments/${id}/pause` },
      { method: 'POST', url: '/api/v1/apps/the-app/segments/preview', body: { filters } },
      { url: '/api/v1/apps/the-app/users/by/external_id/ann/segments?limit=5' },
      { url: `/api/v1/apps/the-app/segments/${id}/members?limit=1` },
      { url: `/api/v1/apps/the-app/segments/${id}/members?limit=1&cursor=c` },
      { method: 'POST', body: { name: 'Lost' } },
    ]);
  });

  it('does not make a template twice after a lost answer', async () => {
    const { client, seen } = await serve('reset');
    const answer = await client.templates.create({ name: 'Welcome' });
    expect(answer).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    expect(seen).toHaveLength(1);
  });

  it('reads the deliveries of a message over all pages, with the same filters', async () => {
    const { client, seen } = await serve(
      { status: 200, body: '{"deliveries":[{"external_id":"1"}],"has_more":true,"next_cursor":"a"}' },
      { status: 200, body: '{"deliveries":[],"has_more":true,"next_cursor":"b"}' },
      { status: 200, body: '{"deliveries":[{"external_id":"2"}],"has_more":false}' },
      { status: 200, body: '{"deliveries":[],"has_more":false}' },
    );
    const ids: unknown[] = [];
    for await (const { external_id: id } of client.notifications.deliveries('m-1', { state: ['failed'] })) {
      ids.push(id);
    }
    expect(ids).toEqual(['1', '2']);
    required(await client.users.deliveries({ label: 'external_id', id: '42' }, { limit: 5 }));
    const path = '/api/v1/apps/the-app/messages/m-1/deliveries?state=failed';
    expect(seen.map(({ url }) => url)).toEqual([
      path,
      `${path}&cursor=a`,
      `${path}&cursor=b`,
      '/api/v1/apps/the-app/users/by/external_id/42/deliveries?limit=5',
    ]);
  });

  it('pauses and resumes a message', async () => {
    const { client, seen } = await serve(
      { status: 200, body: '{"success":true,"paused":true}' },
      { status: 200, body: '{"success":true,"paused":false}' },
    );
    expect(required(await client.notifications.pause('m-1'))).toEqual({ success: true, paused: true });
    expect(required(await client.notifications.resume('m-1'))).toEqual({ success: true, paused: false });
    expect(seen).toMatchObject([
      { method: 'POST', url: '/api/v1/apps/the-app/messages/m-1/pause' },
      { method: 'POST', url: '/api/v1/apps/the-app/messages/m-1/resume' },
    ]);
  });

  it('asks for the files of a message', async () => {
    const { client, seen } = await serve(
      { status: 200, body: '{"csv_file_url":"https://example.com/a"}' },
      { status: 202, body: '{"success":true,"destination_url":"https://example.com/b"}' },
    );
    expect(required(await client.notifications.exportEvents('m-1')).csv_file_url).toBe(
      'https://example.com/a',
    );
    const history = required(await client.notifications.history('m-1', 'clicked'));
    expect(history.destination_url).toBe('https://example.com/b');
    expect(seen).toMatchObject([
      { method: 'POST', url: '/api/v1/notifications/m-1/export_events?app_id=the-app' },
      {
        method: 'POST',
        url: '/api/v1/notifications/m-1/history',
        body: { app_id: 'the-app', events: 'clicked' },
      },
    ]);
  });

  it('lists users over all pages, an empty one among them, with the same filters', async () => {
    const { client, seen } = await serve(
      { status: 200, body: `{"users":[${user('1')},${user('2')}],"has_more":true,"next_cursor":"a"}` },
      { status: 200, body: '{"users":[],"has_more":true,"next_cursor":"b"}' },
      { status: 200, body: `{"users":[${user('3')}],"has_more":false}` },
    );
    const ids: unknown[] = [];
    for await (const { identity } of client.users.list({ tag: ['plan=gold', 'vip'], test_users: true })) {
      ids.push(identity['external_id']);
    }
    expect(ids).toEqual(['1', '2', '3']);
    const filters = '/api/v1/apps/the-app/users?tag=plan%3Dgold&tag=vip&test_users=true';
    expect(seen.map(({ url }) => url)).toEqual([filters, `${filters}&cursor=a`, `${filters}&cursor=b`]);
  });

  it('takes an answer that is not JSON for an outage', async () => {
    const { client } = await serve({ status: 200, body: '<html>' });
    expect(await client.journeys.list()).toMatchObject({ ok: false, failure: { kind: 'unavailable' } });
  });

  it('ends a call with its signal', async () => {
    const { client } = await serve();
    expect(await client.journeys.list({}, AbortSignal.abort())).toEqual({
      ok: false,
      failure: { kind: 'aborted' },
    });
  });

  it('follows the feed from cursor to cursor and passes over empty pages and outages', async () => {
    const event = { id: 'e-1', kind: 'message.email.sent' };
    const { client, seen } = await serve(
      { status: 200, body: '{"events":[],"cursor":"c1","has_more":false}' },
      { status: 500, body: '{}' },
      { status: 200, body: JSON.stringify({ events: [event], cursor: 'c2', has_more: false }) },
    );
    const pages = client.feed.follow({ limit: 10, wait: 1 });
    const first = await pages.next();
    await pages.return();
    expect(first.value).toMatchObject({ events: [event], cursor: 'c2' });
    expect(seen.map((request) => request.url)).toEqual([
      '/api/v1/apps/the-app/feed?limit=10&wait=1',
      '/api/v1/apps/the-app/feed?cursor=c1&limit=10&wait=1',
      '/api/v1/apps/the-app/feed?cursor=c1&limit=10&wait=1',
    ]);
  });

  it('asks for outcomes by name, one to a parameter, and does not repeat a report that may have been counted', async () => {
    const sum = { id: 'sale, big', value: 7, aggregation: 'sum' };
    const { client, seen } = await serve({ status: 200, body: JSON.stringify({ outcomes: [sum] }) }, 'reset');
    const answer = await client.outcomes.view({ names: ['sale, big.sum'], range: '1d', platforms: [5, 11] });
    expect(answer).toMatchObject({ ok: true, value: [sum] });
    const report = { name: 'sale', platform: 11, weight: 2, messageIds: ['m'], direct: true };
    expect((await client.outcomes.measure(report)).ok).toBe(false);
    expect(seen).toHaveLength(2);
    expect(new URL(seen[0]?.url ?? '', 'http://x').searchParams.getAll('outcome_names[]')).toEqual([
      'sale, big.sum',
    ]);
    expect(seen[1]?.body).toMatchObject({ app_id: 'the-app', id: 'sale', notification_ids: ['m'] });
  });

  it('stops following where the key is refused', async () => {
    const { client } = await serve({ status: 403, body: '{"errors":["Access denied."]}' });
    await expect(client.feed.follow().next()).rejects.toThrow('Access denied.');
  });
});
