import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '@carillon/test-kit';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const WAITING = statement(
  'test.waiting',
  `select reason, extract(epoch from due_at - now())::float8 as seconds from delivery_retries where message_id = $1`,
);
const STORED = statement('test.stored', `select encode(headers, 'escape') as headers from data_feeds`);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: MailingServer;
let shop: Server;
let address = '';
let number = 0;
let underWay = 0;
let mostUnderWay = 0;
const asked: Asked[] = [];

/** By the path that is asked. */
const answers: Readonly<Record<string, readonly [status: number, body: string]>> = {
  '/gone': [404, '{}'],
  '/trouble': [503, '{}'],
  '/nothing': [204, ''],
  '/null': [200, 'null'],
  '/empty': [200, '{}'],
  '/html': [200, '<p>points</p>'],
  '/number': [200, '7'],
  '/large': [200, JSON.stringify({ text: 'x'.repeat(300_000) })],
  '/inside': [302, ''],
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  underWay += 1;
  mostUnderWay = Math.max(mostUnderWay, underWay);
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const path = request.url ?? '';
  const { method = '', headers } = request;
  asked.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
  await new Promise((resolve) => setImmediate(resolve));
  underWay -= 1;
  const known = answers[path];
  if (known === undefined) {
    const person = decodeURIComponent(path.split('/').at(-1) ?? '');
    response.end(JSON.stringify({ person, offers: [{ name: 'Kettle' }, { name: 'Fern' }] }));
  } else {
    const wait = path === '/trouble' ? { 'retry-after': '600' } : {};
    response.writeHead(known[0], { location: 'http://169.254.169.254/', ...wait }).end(known[1]);
  }
}

beforeAll(async () => {
  shop = createServer((request, response) => void answer(request, response));
  shop.listen(0, '127.0.0.1');
  await once(shop, 'listening');
  address = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  server = await MailingServer.start({ CARILLON_OUTBOUND_ALLOWED: '127.0.0.1' });
});
afterAll(async () => {
  await server.stop();
  shop.closeAllConnections();
  shop.close();
});
beforeEach(() => {
  asked.length = 0;
});

const feeds = () => server.of('data_feeds');

/** A feed under an alias of its own. */
function newFeed(more: object) {
  number += 1;
  return server.done('POST', feeds(), { name: 'Shop', alias: `feed${number}`, url: `${address}/x`, ...more });
}

async function newUser(externalId: string, tags: object = {}): Promise<string> {
  const email = `${encodeURIComponent(externalId)}@example.com`;
  await server.done('POST', `/apps/${server.carillon.appId}/users`, {
    identity: { external_id: externalId },
    properties: { tags },
    subscriptions: [{ type: 'Email', token: email }],
  });
  return email;
}

const BODY = `{% for offer in data_feed.ALIAS.offers %}[{{ offer.name }} for {{ data_feed.ALIAS.person }}]{% endfor %}`;
const saying = (alias: string) => ({ data_feed: alias, email_body: BODY.replaceAll('ALIAS', alias) });

describe('an email with a data feed', () => {
  it('is filled in with what the feed says of each recipient, asked once for each', async () => {
    const { alias } = await newFeed({ url: `${address}/people/{{ user.external_id | url_encode }}` });
    const names = Array.from({ length: 80 }, (_, n) => `person ${n}`);
    const emails = await Promise.all(names.map((name) => newUser(name)));
    mostUnderWay = 0;
    const { body } = await server.send({ include_aliases: { external_id: names }, ...saying(alias) });
    expect(await server.ended(body.id)).toMatchObject({ successful: 80, errored: 0, data_feed: alias });
    expect(asked.map(({ path }) => path).toSorted()).toEqual(
      names.map((name) => `/people/${name.replace(' ', '+')}`).toSorted(),
    );
    expect(mostUnderWay).toBeLessThanOrEqual(32);
    for (const [index, email] of emails.entries()) {
      const [arrived] = await server.arrived(email);
      const person = names[index]?.replace(' ', '+');
      expect(arrived?.mail.html).toContain(`[Kettle for ${person}][Fern for ${person}]`);
    }
  });

  it('asks with what the feed has: method, headers and body, filled in', async () => {
    const email = await newUser('post-1', { plan: 'gold' });
    const { alias } = await newFeed({
      method: 'POST',
      url: `${address}/post`,
      headers: { Authorization: 'Bearer secret-7', 'X-Plan': '{{ plan }}' },
      body: '{"who": "{{ subscription.email }}", "order": "{{ message.custom_data.order }}"}',
    });
    await server.sendAndWait(email, { ...saying(alias), custom_data: { order: 'A-1' } });
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/post',
        headers: expect.objectContaining({
          authorization: 'Bearer secret-7',
          'x-plan': 'gold',
          'content-type': 'application/json',
        }),
        body: `{"who": "${email}", "order": "A-1"}`,
      },
    ]);
  });

  it.each([
    ['/gone', 'the data feed failed: HTTP 404'],
    ['/nothing', 'the data feed failed: it answered no data'],
    ['/null', 'the data feed failed: it answered no data'],
    ['/empty', 'the data feed failed: it answered no data'],
    ['/html', 'the data feed failed: its answer is no JSON'],
    ['/number', 'the data feed failed: its answer is neither an object nor a list'],
    ['/large', 'the data feed failed: the answer is larger than 262144 bytes'],
    ['/inside', 'the data feed failed: HTTP 302'],
  ])('is not sent where the feed gives no data: %s', async (path, reason) => {
    const { alias } = await newFeed({ url: address + path });
    const view = await server.sendAndWait('unsent@example.com', saying(alias));
    expect(view).toMatchObject({ successful: 0, errored: 1 });
    const { deliveries } = await server.done('GET', server.of(`messages/${view.id}/deliveries`));
    expect(deliveries[0]).toMatchObject({ state: 'failed', reason });
    expect(await server.arrived('unsent@example.com')).toEqual([]);
  });

  it('does not reach into the network of the server', async () => {
    const { alias } = await newFeed({ url: 'http://169.254.169.254/latest/meta-data' });
    const view = await server.sendAndWait('unsent@example.com', saying(alias));
    const { deliveries } = await server.done('GET', server.of(`messages/${view.id}/deliveries`));
    expect(deliveries[0].reason).toBe('the data feed failed: 169.254.169.254 is not on the public internet');
  });

  it('is tried again where the trouble may pass, not before the feed wants it', async () => {
    const { alias } = await newFeed({ url: `${address}/trouble` });
    const { body } = await server.send({ email_to: ['patient@example.com'], ...saying(alias) });
    let waiting: { readonly reason: string; readonly seconds: number }[] = [];
    await until('another try is planned', async () => {
      waiting = await server.test.database.rows(WAITING, [body.id]);
      return waiting.length > 0;
    });
    expect(waiting[0]?.reason).toBe('the data feed failed: HTTP 503');
    expect(waiting[0]?.seconds).toBeGreaterThan(500);
  });
});

describe('a preview', () => {
  it('asks the feed, and tells what had no value', async () => {
    const { alias } = await newFeed({ url: `${address}/people/{{ user.external_id }}` });
    const template = { email_subject: 'Offers', ...saying(alias) };
    const preview = await server.done('POST', server.of('templates/preview'), {
      template: { ...template, email_body: `${template.email_body}{{ data_feed.${alias}.points }}` },
      user_data: { external_id: 'made-up' },
    });
    expect(preview).toMatchObject({
      rendered: { email_body: '[Kettle for made-up][Fern for made-up]' },
      missing: [{ field: 'email_body', name: `data_feed.${alias}.points` }],
      errors: [],
    });
  });

  it('tells why the feed gave no data', async () => {
    const { alias } = await newFeed({ url: `${address}/gone` });
    const preview = await server.done('POST', server.of('templates/preview'), { template: saying(alias) });
    expect(preview).toMatchObject({
      rendered: null,
      errors: [{ field: 'data_feed', line: null, column: null, problem: 'the data feed failed: HTTP 404' }],
    });
  });
});

describe('a data feed', () => {
  it('keeps its headers sealed, and never shows what they say', async () => {
    const made = await newFeed({ headers: { Authorization: 'Bearer secret-9' } });
    const seen = await server.done('GET', `${feeds()}/${made.id}`);
    expect(seen).toMatchObject({ header_names: ['Authorization'] });
    const changed = await server.done('PATCH', `${feeds()}/${made.id}`, {
      headers: { Authorization: 'Bearer secret-10' },
    });
    const list = await server.done('GET', feeds());
    const since = new Date(Date.now() - 600_000).toISOString();
    const log = await server.done(
      'GET',
      `/organizations/${server.carillon.organizationId}/audit_logs?start_time=${since}&actions=data_feed.updated`,
      undefined,
      server.carillon.organizationKey,
    );
    const rows = await server.test.database.rows(STORED);
    expect(JSON.stringify([made, seen, changed, list, log, rows])).not.toMatch(/secret-(9|10)/);
    expect(log.audit_logs[0]).toMatchObject({
      action: 'data_feed.updated',
      metadata: { changes: { headers: { from: ['Authorization: set'], to: ['Authorization: set anew'] } } },
    });
  });

  it('is used as it is now', async () => {
    const feed = await newFeed({ url: `${address}/before` });
    await server.sendAndWait('now@example.com', saying(feed.alias));
    await server.done('PATCH', `${feeds()}/${feed.id}`, { url: `${address}/after` });
    await server.sendAndWait('now@example.com', saying(feed.alias));
    expect(asked.map(({ path }) => path)).toEqual(['/before', '/after']);
  });

  it('stays while a template names it', async () => {
    const feed = await newFeed({});
    const template = await server.done('POST', '/templates', {
      app_id: server.carillon.appId,
      name: 'Offers',
      isEmail: true,
      email_subject: 'Offers',
      ...saying(feed.alias),
    });
    expect(template.content.data_feed).toBe(feed.alias);
    const path = `${feeds()}/${feed.id}`;
    expect((await server.call('DELETE', path)).body.errors[0].code).toBe('data-feed-in-use');
    const change = `/templates/${template.id}?app_id=${server.carillon.appId}`;
    await server.done('PATCH', change, { data_feed: null });
    expect(await server.done('DELETE', path)).toEqual({ success: true });
    expect((await server.call('GET', path)).status).toBe(404);
    const again = await server.call('PATCH', change, { data_feed: feed.alias });
    expect([again.status, again.body.errors[0]]).toEqual([
      400,
      `data_feed must be the alias of a data feed of this app. Given: "${feed.alias}"`,
    ]);
  });

  it('is of one app alone', async () => {
    const feed = await newFeed({});
    const other = await server.done(
      'POST',
      '/apps',
      { name: 'Other', organization_id: server.carillon.organizationId },
      server.carillon.organizationKey,
    );
    const path = `/apps/${other.id}/data_feeds`;
    const key = server.carillon.organizationKey;
    expect((await server.call('GET', `${path}/${feed.id}`, undefined, key)).status).toBe(404);
    expect((await server.call('PATCH', `${path}/${feed.id}`, { name: 'x' }, key)).status).toBe(404);
    expect((await server.call('DELETE', `${path}/${feed.id}`, undefined, key)).status).toBe(404);
    expect((await server.done('GET', path, undefined, key)).data_feeds).toEqual([]);
    expect((await server.call('GET', path)).status).toBe(401);
    const named = { name: 'Own', alias: feed.alias, url: 'https://shop.example' };
    expect((await server.call('POST', path, named, key)).status).toBe(201);
  });

  it('has an alias of its own', async () => {
    const { alias } = await newFeed({});
    const { status, body } = await server.call('POST', feeds(), {
      name: 'x',
      alias,
      url: 'https://a.example',
    });
    expect([status, body.errors[0].code]).toEqual([409, 'data-feed-alias-taken']);
  });

  it.each([
    [{ alias: 'Big' }, /^alias must match the pattern/],
    [{ url: 'ftp://a.example' }, /^url must be an absolute http or https URL/],
    [{ url: 'https://a.example/{{ x' }, /^url is not valid Liquid/],
    [{ headers: { Host: 'x' } }, /^headers\.Host is set by the server/],
    [{ headers: { 'a b': 'x' } }, /^headers\.a b is no name of a header/],
    [{ headers: { 'x-a': 'a\nb' } }, /^headers\.x-a must be one line/],
    [{ headers: { 'x-a': '{{ x | shout }}' } }, /^headers\.x-a is not valid Liquid/],
    [{ body: '{}' }, /^body cannot be sent with GET/],
    [{ method: 'PUT' }, /^method must be one of GET, POST/],
    [{ secret: 'x' }, /^secret is not known here/],
  ])('is not made of %j', async (wrong, sentence) => {
    const { status, body } = await server.call('POST', feeds(), {
      name: 'x',
      alias: 'refused',
      url: 'https://a.example',
      ...wrong,
    });
    expect([status, body.errors[0].title]).toEqual([400, expect.stringMatching(sentence)]);
  });
});
