import { randomBytes } from 'node:crypto';
import { FakeClock, createTestDatabase } from '@carillon/test-kit';
import type { TestDatabase } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { SecretBox, TokenSigner } from '../../platform/crypto/index.ts';
import { statement } from '../../platform/database/database.ts';
import { Partitions } from '../../platform/database/partitions.ts';
import { createHttpServer } from '../../platform/http/server.ts';
import type { HttpServer } from '../../platform/http/server.ts';
import { newId, newTimedId } from '../../platform/ids.ts';
import { createLog } from '../../platform/log.ts';
import type { Envelope } from './channel.ts';
import { Channels } from './channels.ts';
import type { DeliveryEvent } from './delivery-event.ts';
import type { RenderedEmail } from './email/rendered-email.ts';
import { ProviderHealth } from './provider-accounts/provider-health.ts';
import { FREE_PORTS } from './sandbox/fixtures/ports.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { startSandboxOfPlatform } from './sandbox/start-sandbox-of-platform.ts';

let test: TestDatabase;
/** Nothing is reached but this machine, and nobody texts back. */
const QUIET = {
  outboundAllowed: [],
  onNews: () => undefined,
  obeyKeyword: async () => undefined,
  recordReceipts: async () => undefined,
};
let channels: Channels;
let sandbox: Sandbox;
let server: HttpServer;
let address = '';
let failing = false;
let unknown = '';
const appId = newId();
const told: DeliveryEvent[] = [];
const ended: string[][] = [];
const keys = { current: randomBytes(32), previous: [] };
const log = createLog({ level: 'silent' });

beforeAll(async () => {
  test = await createTestDatabase();
  const organization = statement(
    'test.organization',
    `insert into organizations (id, name, created_at, updated_at) values ($1, 'o', now(), now())`,
  );
  const app = statement(
    'test.app',
    `insert into apps (id, organization_id, name, created_at, updated_at) values ($1, $1, 'a', now(), now())`,
  );
  await test.database.run(organization, [appId]);
  await test.database.run(app, [appId]);
  const signer = new TokenSigner(keys);
  const shared = { database: test.database, clock: systemClock, log, signer };
  sandbox = await startSandboxOfPlatform({
    ...shared,
    host: '127.0.0.1',
    ports: FREE_PORTS,
    keeps: 50,
    url: () => address,
    reportAfterMs: 0,
    deliveriesOfPushes: async (pushes) => pushes.map(() => null),
    appOfMessage: async () => appId,
  });
  channels = new Channels({
    ...shared,
    box: new SecretBox(keys),
    publicUrl: () => address,
    messageIdDomain: 'carillon.example',
    partitions: new Partitions(test.database),
    ...QUIET,
    sandbox: sandbox.places,
  });
  server = await createHttpServer({
    routes: channels.routes({
      sandbox,
      sandboxOpenToAll: false,
      recordDeliveryEvents: async (events) => {
        if (failing) throw new Error('not now');
        if (events.some(({ subscriptionId }) => subscriptionId === unknown)) throw new Error('unknown');
        told.push(...events);
      },
      unsubscribe: async (...asked) => {
        ended.push(asked);
        return asked[1] !== unknown;
      },
      readDeliveryHistory: async (reference) =>
        told.filter((event) => event.subscriptionId === reference.subscriptionId),
    }),
    authenticator: {
      authenticate: async () => ({ kind: 'app-key', keyId: newId(), appId, organizationId: appId }),
    },
    log,
    clock: systemClock,
  });
  address = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await channels.close();
  await sandbox.stop();
  await server.close();
  await test.drop();
});
beforeEach(async () => {
  told.length = 0;
  ended.length = 0;
  failing = false;
  await sandbox.box.clear();
});

const content: RenderedEmail = {
  subject: 'Größe & Glück 🎁',
  html: '<html><body><h1>Hi</h1><a href="https://shop.example/o?a=1&amp;b=ü">order</a></body></html>',
  text: 'Hi Größe',
  preheader: 'A <little> preview',
  fromName: 'The Shop, Inc.',
  fromAddress: 'shop@shop.example',
  copies: [],
  attachments: [],
  replyTo: 'help@shop.example',
  headers: { 'List-Unsubscribe': '<https://shop.example/u>' },
  unsubscribeFrom: null,
  inviteUnsubscribe: true,
  trackClicks: true,
  linkTags: null,
  trackOpens: true,
};

function envelopeTo(token: string): Envelope<RenderedEmail> {
  const subscriptionId = newId();
  return {
    messageId: newTimedId(Date.now()),
    lane: 77,
    recipient: { subscriptionId, token },
    content,
    attempt: 1,
  };
}

async function send(...page: Envelope<RenderedEmail>[]) {
  const [provider] = await channels.emailProviders(appId);
  if (provider === undefined) throw new Error('no account');
  return provider.channel.deliver(provider.account, page);
}

const keyOfEmail = async () => (await channels.emailProviders(appId))[0]?.account.key;

interface Listed {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly preview: string;
  readonly message_id: string;
}
async function read<Body>(path: string): Promise<Body> {
  const response = await fetch(`${address}${path}`);
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}
const list = (query = '') =>
  read<{ messages: Listed[]; next_cursor: number | null }>(`/sandbox/messages${query}`);

/** Sends a mail with the placeholder in its texts, and reads its link where it stands in the header. */
async function sendWithWayOut() {
  const envelope = envelopeTo('anna@example.com');
  const html = '<body><a href="[unsubscribe_url]">no more</a></body>';
  await send({
    ...envelope,
    content: { ...content, html, text: '[unsubscribe_url]', unsubscribeFrom: appId, headers: {} },
  });
  const [listed] = (await list()).messages;
  const mail = await read<{ html: string; text: string; headers: { name: string; value: string }[] }>(
    `/sandbox/messages/${listed?.id}`,
  );
  const header = (name: string) => mail.headers.find((one) => one.name === name)?.value;
  return { envelope, mail, header, url: /^<(.+)>$/.exec(header('List-Unsubscribe') ?? '')?.[1] ?? '' };
}

const unsubscribed = () => told.filter(({ kind }) => kind === 'unsubscribed');

describe('the way out of mails', () => {
  it('stands in the header for mail programs, and wherever the mail asks for it, uncounted', async () => {
    const { mail, header, url } = await sendWithWayOut();
    expect(url).toMatch(new RegExp(`^${address}/t/u/[\\w-]+$`));
    expect(header('List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.html).toContain(`<a href="${url}">no more</a>`);
    expect(mail.text).toBe(url);
  });

  it('ends nothing when it is only looked at', async () => {
    const { url } = await sendWithWayOut();
    for (const method of ['GET', 'HEAD']) {
      const answer = await fetch(url, { method });
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    expect(await (await fetch(url)).text()).toContain('<form method="post">');
    expect(ended).toEqual([]);
    expect(unsubscribed()).toEqual([]);
  });

  it('ends the mails at one press, and is one event of its mail however often it is used', async () => {
    const { envelope, url } = await sendWithWayOut();
    const { subscriptionId } = envelope.recipient;
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(url, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('You are unsubscribed');
    }
    expect(ended[0]).toEqual([appId, subscriptionId, 'unsubscribe link']);
    const { messageId, lane } = envelope;
    expect(unsubscribed()[0]).toMatchObject({ messageId, lane, subscriptionId, reason: 'unsubscribe link' });
    expect(new Set(unsubscribed().map(({ id }) => id)).size).toBe(1);
  });

  it('is refused when it was changed', async () => {
    const { url } = await sendWithWayOut();
    for (const method of ['GET', 'POST']) expect((await fetch(`${url}x`, { method })).status).toBe(404);
    expect(ended).toEqual([]);
  });

  it('is a route of the API for pages of one’s own', async () => {
    const { envelope, url } = await sendWithWayOut();
    const token = url.slice(url.lastIndexOf('/') + 1);
    const post = async (messageId: string, query: string) => {
      const path = `/apps/${appId}/notifications/${messageId}/unsubscribe${query}`;
      const answer = await fetch(`${address}${path}`, { method: 'POST' });
      return [answer.status, await answer.json()] as const;
    };
    expect(await post(envelope.messageId, `?token=${token}`)).toEqual([202, { success: 'true' }]);
    expect(ended).toEqual([[appId, envelope.recipient.subscriptionId, 'unsubscribe API']]);
    const forbidden = [403, { errors: ['Forbidden'] }];
    expect(await post(newTimedId(Date.now()), `?token=${token}`)).toEqual(forbidden);
    expect(await post(envelope.messageId, '?token=x')).toEqual(forbidden);
    expect((await post(envelope.messageId, ''))[0]).toBe(400);
    unknown = envelope.recipient.subscriptionId;
    const gone = await post(envelope.messageId, `?token=${token}`);
    unknown = '';
    expect(gone).toEqual([404, { errors: [{ code: 'subscription-0', title: 'Subscription not found' }] }]);
  });
});

describe('a mail on its way through the sandbox', () => {
  it('arrives as it was written', async () => {
    const envelope = envelopeTo('anna@example.com');
    expect(await send(envelope)).toEqual([{ state: 'sent', ref: null }]);
    const [listed] = (await list()).messages;
    expect(listed).toMatchObject({
      to: 'anna@example.com',
      from: { name: 'The Shop, Inc.', address: 'shop@shop.example' },
      subject: 'Größe & Glück 🎁',
      preview: 'A <little> preview',
      message_id: envelope.messageId,
      subscription_id: envelope.recipient.subscriptionId,
    });
    const mail = await read<{
      html: string;
      text: string;
      raw: string;
      headers: { name: string; value: string }[];
    }>(`/sandbox/messages/${listed?.id}`);
    expect(mail.text).toBe('Hi Größe');
    expect(mail.headers).toContainEqual({ name: 'List-Unsubscribe', value: '<https://shop.example/u>' });
    expect(mail.headers).toContainEqual({ name: 'Reply-To', value: 'help@shop.example' });
  });

  it('is reported, and its pixel and its links are', async () => {
    const envelope = envelopeTo('anna@example.com');
    await send(envelope);
    const [listed] = (await list()).messages;
    const { html } = await read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, pixel = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const image = await fetch(pixel);
    expect([image.status, image.headers.get('content-type'), image.headers.get('cache-control')]).toEqual([
      200,
      'image/gif',
      'no-store',
    ]);
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    const click = await fetch(link, { redirect: 'manual' });
    expect([click.status, click.headers.get('location')]).toEqual([
      302,
      'https://shop.example/o?a=1&b=%C3%BC',
    ]);
    await expect.poll(() => told.map(({ kind }) => kind).sort()).toEqual(['clicked', 'delivered', 'opened']);
    const { messageId, lane, recipient } = envelope;
    for (const event of told) {
      expect(event).toMatchObject({ messageId, lane, subscriptionId: recipient.subscriptionId });
    }
    expect(told.find(({ kind }) => kind === 'clicked')?.url).toBe('https://shop.example/o?a=1&b=ü');
    const { events } = await read<{ events: unknown[] }>(`/sandbox/messages/${listed?.id}`);
    expect(events).toHaveLength(3);
  });

  it('that bounces is accepted first and reported as bounced', async () => {
    expect(await send(envelopeTo('bounce@example.com'))).toEqual([{ state: 'sent', ref: null }]);
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['bounced']);
    expect(told[0]?.reason).toMatch(/^550/);
  });

  it('is reported again until the platform has taken it', async () => {
    failing = true;
    await send(envelopeTo('anna@example.com'));
    await expect.poll(() => sandbox.box.unreported(0, 10)).toHaveLength(1);
    failing = false;
    await expect.poll(() => told.map(({ kind }) => kind)).toEqual(['delivered']);
    await expect.poll(() => sandbox.box.unreported(0, 10)).toHaveLength(0);
  });

  it('that the platform does not know yet holds up no other', async () => {
    const page = Array.from({ length: 9 }, (_, index) => envelopeTo(`p${index}@example.com`));
    unknown = page[4]?.recipient.subscriptionId ?? '';
    await send(...page);
    await expect.poll(() => new Set(told.map(({ id }) => id)).size).toBe(8);
    unknown = '';
    await expect.poll(() => new Set(told.map(({ id }) => id)).size, { timeout: 5_000 }).toBe(9);
  });

  it('that arrives twice is counted twice and told once in effect', async () => {
    const envelope = envelopeTo('anna@example.com');
    const other = envelopeTo('ben@example.com');
    await send(envelope, other);
    await send({ ...envelope, attempt: 2 });
    const counts = await read<{ arrived: number; distinct: number; repeated: { count: number }[] }>(
      '/sandbox/arrivals',
    );
    expect(counts).toMatchObject({ arrived: 3, distinct: 2, repeated: [{ count: 2 }] });
    await expect.poll(() => told).toHaveLength(3);
    expect(new Set(told.map(({ id }) => id)).size).toBe(2);
  });
});

describe('the inbox', () => {
  it('is read page by page, newest first, and keeps only the newest', async () => {
    const page = Array.from({ length: 70 }, (_, index) => envelopeTo(`n${index}@example.com`));
    for (const envelope of page) await send(envelope);
    const seen: string[] = [];
    for (let query: string | null = '?limit=20'; query !== null;) {
      const { messages, next_cursor } = await list(query);
      seen.push(...messages.map(({ to }) => to));
      query = next_cursor === null ? null : `?limit=20&cursor=${next_cursor}`;
    }
    expect(seen).toEqual(
      page
        .map(({ recipient }) => recipient.token)
        .slice(20)
        .toReversed(),
    );
  });

  it('finds by a part of the address and by message', async () => {
    const envelope = envelopeTo('Carla@Example.com');
    await send(envelope, envelopeTo('ben@example.com'));
    expect((await list('?recipient=carla')).messages).toHaveLength(1);
    expect((await list('?recipient=%25')).messages).toHaveLength(0);
    expect((await list(`?message_id=${envelope.messageId}`)).messages).toHaveLength(1);
  });

  it('shows a mail in a document that can do nothing', async () => {
    await send(envelopeTo('anna@example.com'));
    const [listed] = (await list()).messages;
    const page = await fetch(`${address}/sandbox/messages/${listed?.id}/html`);
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups /);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('<base target="_blank">');
  });

  it('is for this machine alone', async () => {
    const { http } = server;
    const inject = (remoteAddress: string, headers = {}) =>
      http.inject({ url: '/sandbox/messages', remoteAddress, headers });
    expect((await inject('127.0.0.1')).statusCode).toBe(200);
    expect((await inject('::ffff:127.0.0.1')).statusCode).toBe(200);
    expect((await inject('192.168.1.7')).statusCode).toBe(403);
    expect((await inject('127.0.0.1', { 'x-forwarded-for': '8.8.8.8' })).statusCode).toBe(403);
  });

  it('is served with everything that its page needs, from here alone', async () => {
    for (const path of [
      '/sandbox',
      '/sandbox/inbox.css',
      '/sandbox/inbox.js',
      '/sandbox/page.js',
      '/sandbox/device-views.js',
      '/sandbox/device-views.css',
      '/sandbox/mark.svg',
    ]) {
      const response = await fetch(`${address}${path}`);
      expect(response.status).toBe(200);
      expect(await response.text()).not.toMatch(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\//);
    }
  });

  it('answers 404 for a message that it does not have', async () => {
    expect((await fetch(`${address}/sandbox/messages/999999999`)).status).toBe(404);
    expect((await fetch(`${address}/sandbox/messages/999999999/html`)).status).toBe(404);
  });
});

const report = (headers: Record<string, string>) =>
  fetch(`${address}/channels/email/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ events: [] }),
  });

describe('what comes from outside', () => {
  it('a damaged link leads nowhere', async () => {
    for (const token of ['x', 'a'.repeat(80), encodeURIComponent('https://evil.example/')]) {
      const response = await fetch(`${address}/t/c/${token}`, { redirect: 'manual' });
      expect(response.status).toBe(404);
      expect(response.headers.get('location')).toBeNull();
      expect((await fetch(`${address}/t/o/${token}`)).status).toBe(404);
    }
    expect(told).toEqual([]);
  });

  it('a report without the right signature is refused', async () => {
    expect((await report({})).status).toBe(401);
    const forged = {
      'webhook-id': 'x',
      'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      'webhook-signature': `v1,${randomBytes(32).toString('base64')}`,
    };
    expect((await report(forged)).status).toBe(401);
  });

  it('a person is sent on although the click could not be recorded', async () => {
    await send(envelopeTo('anna@example.com'));
    failing = true;
    const [listed] = (await list()).messages;
    const { html } = await read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(302);
    failing = false;
  });

  it('a look ahead with HEAD is nobody opening anything', async () => {
    await send(envelopeTo('anna@example.com'));
    await expect.poll(() => told).toHaveLength(1);
    const [listed] = (await list()).messages;
    const { html } = await read<{ html: string }>(`/sandbox/messages/${listed?.id}`);
    const [, pixel = ''] = /<img src="([^"]+)"/.exec(html) ?? [];
    const [, link = ''] = /<a href="([^"]+)"/.exec(html) ?? [];
    await fetch(pixel, { method: 'HEAD' });
    await fetch(link, { method: 'HEAD', redirect: 'manual' });
    expect(told).toHaveLength(1);
  });
});

describe('the provider of an app', () => {
  const url = `/apps/${appId}/channels/email`;
  const put = (body: object) =>
    fetch(`${address}${url}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const smtp = {
    kind: 'smtp',
    host: 'smtp.shop.example',
    port: 587,
    security: 'starttls',
    user: 'shop',
    password: 'hunter2',
    from_address: 'shop@shop.example',
  };

  const place = () => ({ appId, channel: 'email', name: 'main' });

  it('is the sandbox until another is set, and again when that is removed', async () => {
    expect(await read(url)).toMatchObject({ kind: 'sandbox', port: sandbox.places.smtpPort });
    expect((await put(smtp)).status).toBe(200);
    expect(await read(url)).toMatchObject({ kind: 'smtp', host: 'smtp.shop.example', has_password: true });
    expect(await channels.emailProviders(appId)).toMatchObject([
      { account: { settings: { password: 'hunter2' } } },
    ]);
    await fetch(`${address}${url}`, { method: 'DELETE' });
    expect(await read(url)).toMatchObject({ kind: 'sandbox' });
  });

  it('never shows its password, and keeps it sealed', async () => {
    expect(await (await put(smtp)).text()).not.toContain('hunter2');
    expect(await (await fetch(`${address}${url}`)).text()).not.toContain('hunter2');
    const stored = statement(
      'test.config',
      `select encode(config, 'escape') as config from provider_accounts`,
    );
    expect((await test.database.rows<{ config: string }>(stored))[0]?.config).not.toContain('hunter2');
  });

  it('gets another key with every change', async () => {
    await put(smtp);
    const first = await keyOfEmail();
    await put(smtp);
    expect(await keyOfEmail()).not.toBe(first);
  });

  it('drops and counts when it is of the kind null', async () => {
    await put({ kind: 'null' });
    expect(await send(envelopeTo('refuse@example.com'))).toEqual([{ state: 'sent', ref: null }]);
    expect(channels.email.dropped).toBe(1);
    await fetch(`${address}${url}`, { method: 'DELETE' });
  });

  it('is refused when a field is wrong, and the answer names it', async () => {
    const response = await put({ ...smtp, port: 'many' });
    expect(response.status).toBe(400);
  });

  it('that is down is told to everyone who asks, until it works again or other settings are made', async () => {
    const status = async () => (await read<{ status: object }>(url)).status;
    expect(await status()).toEqual({ state: 'working' });
    const now = Date.now();
    const pause = { since: now - 60_000, until: now + 60_000, reason: '421 try\u0000 later' };
    channels.health.note(place(), pause);
    channels.health.note(place(), { ...pause, since: now });
    await channels.health.settled();
    const since = new Date(pause.since).toISOString();
    const told = { state: 'paused', since, next_try_at: new Date(pause.until).toISOString() };
    expect(await status()).toEqual({ ...told, reason: '421 try later' });

    channels.health.note(place(), null);
    await channels.health.settled();
    expect(await status()).toEqual({ state: 'working' });

    channels.health.note(place(), pause);
    await channels.health.settled();
    await put(smtp);
    expect(await status()).toEqual({ state: 'working' });
    await fetch(`${address}${url}`, { method: 'DELETE' });
  });

  it('whose pause is over is being tried, and after ten minutes without a try it is no news', async () => {
    const clock = new FakeClock();
    const health = new ProviderHealth({ database: test.database, clock, log });
    const pause = { since: clock.now(), until: clock.now() + 5_000, reason: '421' };
    const status = async () => (await health.statusesOf(appId, 'email')).get('main');
    health.note(place(), pause);
    await health.settled();
    expect(await status()).toMatchObject({ state: 'paused' });
    await clock.advance(5_000);
    expect(await status()).toEqual({ state: 'trying', since: pause.since, reason: '421' });
    await clock.advance(600_000);
    expect(await status()).toBeUndefined();
    health.note({ ...place(), appId: newId() }, { ...pause, until: clock.now() + 5_000 });
    health.note(place(), null);
    await health.settled();
  });

  it('that another process changed is seen after a second', async () => {
    const clock = new FakeClock();
    const elsewhere = new Channels({
      database: test.database,
      clock,
      log,
      box: new SecretBox(keys),
      signer: new TokenSigner(keys),
      publicUrl: () => address,
      messageIdDomain: 'carillon.example',
      partitions: new Partitions(test.database),
      ...QUIET,
      sandbox: null,
    });
    expect(await elsewhere.emailProviders(appId)).toEqual([]);
    await put({ kind: 'null' });
    await clock.advance(1_000);
    expect(await elsewhere.emailProviders(appId)).toMatchObject([
      { account: { settings: { kind: 'null' } } },
    ]);
    await fetch(`${address}${url}`, { method: 'DELETE' });
  });
});
