import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import { FakeClock, until } from '@carillon/test-kit';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { newId } from '../../../../platform/ids.ts';
import { encryptMessage } from '../../push/web-push/encrypt-message.ts';
import { readSubscriberKeys } from '../../push/web-push/subscriber-keys.ts';
import { makeVapidKeys, signingKey } from '../../push/web-push/vapid-keys.ts';
import { VapidTokens } from '../../push/web-push/vapid-tokens.ts';
import { startPushService } from './push-service.ts';
import type { PushService, PushSubscriptionJson } from './push-service.ts';
import type { ArrivedPush } from './take-push.ts';

const app = { kind: 'vapid', subject: 'mailto:ops@shop.example', ...makeVapidKeys() } as const;
const signer = new TokenSigner({ current: randomBytes(32), previous: [] });

let clock: FakeClock;
let service: PushService;
let arrived: ArrivedPush[];
let browsers: Browser[];
beforeEach(async () => {
  clock = new FakeClock();
  arrived = [];
  browsers = [];
  service = await start();
});
afterEach(async () => {
  for (const browser of browsers) browser.leave();
  await service.close();
});

const start = () =>
  startPushService({
    clock,
    signer,
    host: '127.0.0.1',
    port: 0,
    take: async (push) => void arrived.push(push),
  });

/** What a browser's side of the WebSocket says and hears. */
class Browser {
  readonly #socket: WebSocket;
  readonly heard: Record<string, unknown>[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.heard.push(JSON.parse(data.toString()) as never));
  }

  static async connect(uaid?: string): Promise<Browser> {
    const socket = new WebSocket(service.origin.replace('http', 'ws'), 'push-notification');
    const browser = new Browser(socket);
    browsers.push(browser);
    await once(socket, 'open');
    browser.say({
      messageType: 'hello',
      broadcasts: {},
      use_webpush: true,
      ...(uaid !== undefined && { uaid }),
    });
    await browser.hears('hello');
    return browser;
  }

  say(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** The first message of that type, once it is there. */
  async hears(messageType: string): Promise<Record<string, unknown>> {
    return until(`the push service says ${messageType}`, () =>
      this.heard.find((message) => message['messageType'] === messageType),
    );
  }

  async register(channelID: string): Promise<string> {
    const key = Buffer.from(app.publicKey, 'base64url')
      .toString('base64')
      .replace(/\+/g, '-')
      .replace(/\//g, '_');
    this.say({ messageType: 'register', channelID, key });
    return String((await this.hears('register'))['pushEndpoint']);
  }

  leave(): void {
    this.#socket.terminate();
  }

  get notifications() {
    return this.heard.filter(({ messageType }) => messageType === 'notification');
  }
}

const authorization = (settings = app, origin = service.origin) =>
  new VapidTokens(clock).authorization(settings, origin);

const post = (endpoint: string, body: Buffer, headers: Record<string, string | undefined> = {}) =>
  fetch(endpoint, {
    method: 'POST',
    body,
    headers: Object.entries({
      ttl: '60',
      'content-encoding': 'aes128gcm',
      authorization: authorization(),
      ...headers,
    }).filter((each): each is [string, string] => each[1] !== undefined),
  });

const sealed = (text: string, { keys }: Pick<PushSubscriptionJson, 'keys'>) =>
  encryptMessage(Buffer.from(text), readSubscriberKeys({ web_p256: keys.p256dh, web_auth: keys.auth }));

describe('a subscription that the push service holds itself', () => {
  it('is told what was sent, in the clear', async () => {
    const subscription = service.subscribe(app.publicKey);
    const answer = await post(subscription.endpoint, sealed('{"alert":"Größe"}', subscription), {
      urgency: 'high',
      topic: 'order-7',
    });
    expect(answer.status).toBe(201);
    const [push] = arrived;
    expect(push).toMatchObject({ payload: '{"alert":"Größe"}', ttl: 60, urgency: 'high', topic: 'order-7' });
    expect(answer.headers.get('location')).toBe(`${service.origin}/m/${push?.id}`);
    expect(subscription.endpoint.endsWith(`/${push?.token}`)).toBe(true);
  });

  it('takes a token that another library has signed', async () => {
    const subscription = service.subscribe(app.publicKey);
    const token = await new SignJWT({ sub: app.subject })
      .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
      .setAudience(service.origin)
      .setExpirationTime(clock.now() / 1_000 + 3_600)
      .sign(signingKey(app));
    const headers = { authorization: `vapid k=${app.publicKey},t=${token}` };
    expect((await post(subscription.endpoint, sealed('x', subscription), headers)).status).toBe(201);
  });

  it('is had over HTTP, too, and written to over HTTP/2', async () => {
    const answer = await fetch(`${service.origin}/subscriptions`, { method: 'POST' });
    expect(answer.status).toBe(201);
    const subscription = (await answer.json()) as PushSubscriptionJson;
    const session = connect(service.origin);
    const stream = session.request({
      ':method': 'POST',
      ':path': new URL(subscription.endpoint).pathname,
      ttl: '0',
      'content-encoding': 'aes128gcm',
    });
    stream.end(sealed('over HTTP/2', subscription));
    const [headers] = (await once(stream, 'response')) as [Record<string, unknown>];
    expect(headers[':status']).toBe(201);
    session.destroy();
    expect(arrived.map(({ payload }) => payload)).toEqual(['over HTTP/2']);
  });

  it('outlives a restart', async () => {
    const subscription = service.subscribe();
    await service.close();
    service = await start();
    const { pathname } = new URL(subscription.endpoint);
    expect((await post(service.origin + pathname, sealed('still here', subscription))).status).toBe(201);
    expect(arrived).toHaveLength(1);
  });

  it('says when no browser could read what was sent', async () => {
    const [one, other] = [service.subscribe(), service.subscribe()];
    const answer = await post(one.endpoint, sealed('for another', other));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      message: expect.stringMatching(/could not read this message/),
    });
  });
});

describe('a request that no push service takes', () => {
  const other = { ...app, ...makeVapidKeys() };
  it.each([
    ['has no TTL', { ttl: undefined }, 400, /TTL is required/],
    ['has an Urgency of its own', { urgency: 'extreme' }, 400, /Urgency must be one of/],
    ['has a Topic that is too long', { topic: 'x'.repeat(33) }, 400, /Topic must be/],
    ['is encoded otherwise', { 'content-encoding': 'aesgcm' }, 400, /must be aes128gcm/],
    ['says not who sends', { authorization: undefined }, 401, /Authorization is missing/],
    ['says so in another way', { authorization: 'Bearer abc' }, 401, /must be: vapid/],
    [
      'is from another app',
      () => ({ authorization: authorization(other) }),
      403,
      /subscribed with another key/,
    ],
    [
      'has a token that the key has not signed',
      () => ({ authorization: authorization({ ...other, publicKey: app.publicKey }) }),
      403,
      /not signed with/,
    ],
    [
      'has a token for another push service',
      () => ({ authorization: authorization(app, 'https://push.example') }),
      403,
      /aud of the token must be http/,
    ],
  ])('%s', async (_, headers, status, message) => {
    const subscription = service.subscribe(app.publicKey);
    const given = typeof headers === 'function' ? headers() : headers;
    const answer = await post(subscription.endpoint, sealed('x', subscription), given);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ code: status, message: expect.stringMatching(message) });
    expect(arrived).toEqual([]);
  });

  it('has a token whose time is over', async () => {
    const subscription = service.subscribe(app.publicKey);
    const old = authorization();
    await clock.advance(12 * 3_600_000);
    const answer = await post(subscription.endpoint, sealed('x', subscription), { authorization: old });
    expect(answer.status).toBe(403);
  });

  it('is too large', async () => {
    const answer = await post(service.subscribe().endpoint, Buffer.alloc(4_097));
    expect(answer.status).toBe(413);
  });

  it('is for a subscription that nobody has', async () => {
    const { endpoint, keys } = service.subscribe();
    expect((await post(`${endpoint}x`, sealed('x', { keys }))).status).toBe(410);
    expect((await fetch(`${service.origin}/other`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(endpoint)).status).toBe(404);
  });
});

describe('an endpoint that asks for a fault', () => {
  it.each([
    ['gone', 410, null],
    ['forbid', 403, null],
    ['large', 413, null],
    ['busy', 429, '30'],
    ['defer', 503, null],
  ] as const)('%s is answered with %i', async (fault, status, retryAfter) => {
    const subscription = service.subscribe(null, fault);
    const answer = await post(subscription.endpoint, sealed('x', subscription));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(arrived).toEqual([]);
  });

  it('needs no subscription for it', async () => {
    const answer = await post(`${service.origin}/wpush/v2/gone.anna`, Buffer.from('x'));
    expect(answer.status).toBe(410);
  });

  it('once is taken the second time', async () => {
    const subscription = service.subscribe(null, 'once');
    const statusOf = async () => (await post(subscription.endpoint, sealed('x', subscription))).status;
    expect([await statusOf(), await statusOf()]).toEqual([503, 201]);
  });

  it('slow is taken after a second', async () => {
    const subscription = service.subscribe(null, 'slow');
    let status = 0;
    void post(subscription.endpoint, sealed('x', subscription)).then((answer) => (status = answer.status));
    const answered = async () => {
      await clock.advance(1_000);
      return status;
    };
    await expect.poll(answered).toBe(201);
  });

  it.each([
    ['drop', 0],
    ['lost', 1],
  ] as const)('%s is cut, and %i is kept', async (fault, kept) => {
    const subscription = service.subscribe(null, fault);
    await expect(post(subscription.endpoint, sealed('x', subscription))).rejects.toThrow('fetch failed');
    expect(arrived).toHaveLength(kept);
  });
});

describe('a browser', () => {
  const body = Buffer.from('sealed for the browser');

  it('gets what is sent to its registration, and confirms it', async () => {
    const browser = await Browser.connect();
    expect(await browser.hears('hello')).toMatchObject({
      status: 200,
      uaid: expect.stringMatching(/^[0-9a-f]{32}$/),
      use_webpush: true,
    });
    const channelID = newId();
    const endpoint = await browser.register(channelID);
    expect((await post(endpoint, body)).status).toBe(201);
    const notification = await browser.hears('notification');
    expect(notification).toEqual({
      messageType: 'notification',
      channelID,
      version: expect.any(String),
      data: body.toString('base64url'),
      headers: { encoding: 'aes128gcm' },
    });
    expect(service.waiting()).toBe(1);
    browser.say({
      messageType: 'ack',
      updates: [{ channelID, version: notification['version'], code: 100 }],
    });
    await expect.poll(() => service.waiting()).toBe(0);
  });

  it('that was away gets what has waited for it, the newest of each topic, in order', async () => {
    const browser = await Browser.connect();
    const { uaid } = await browser.hears('hello');
    const endpoint = await browser.register(newId());
    browser.leave();
    await expect.poll(() => service.browsers()).toBe(0);
    for (const [text, topic] of [
      ['first', undefined],
      ['old', 'order-7'],
      ['new', 'order-7'],
    ] as const) {
      await post(endpoint, Buffer.from(text), { topic });
    }
    const back = await Browser.connect(String(uaid));
    await expect.poll(() => back.notifications).toHaveLength(2);
    expect(back.notifications.map(({ data }) => Buffer.from(String(data), 'base64url').toString())).toEqual([
      'first',
      'new',
    ]);
  });

  it('does not get what is out of date, nor what was for those who were there', async () => {
    const browser = await Browser.connect();
    const { uaid } = await browser.hears('hello');
    const endpoint = await browser.register(newId());
    browser.leave();
    await expect.poll(() => service.browsers()).toBe(0);
    await post(endpoint, body, { ttl: '60' });
    await post(endpoint, body, { ttl: '0' });
    expect(service.waiting()).toBe(1);
    await clock.advance(60_000);
    expect(service.waiting()).toBe(0);
    const back = await Browser.connect(String(uaid));
    back.say({});
    await expect.poll(() => back.heard.length).toBe(2);
    expect(back.notifications).toEqual([]);
  });

  it('that gives its registration up is gone', async () => {
    const browser = await Browser.connect();
    const channelID = newId();
    const endpoint = await browser.register(channelID);
    browser.say({ messageType: 'unregister', channelID, code: 200 });
    expect(await browser.hears('unregister')).toEqual({ messageType: 'unregister', status: 200, channelID });
    expect((await post(endpoint, body)).status).toBe(410);
  });

  it.each(['no JSON', '"text"', '{"messageType":"register"}', `{"messageType":"ack","updates":[]}`])(
    'that says %s is hung up on',
    async (text) => {
      const socket = new WebSocket(service.origin.replace('http', 'ws'), 'push-notification');
      await once(socket, 'open');
      socket.send(text);
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(1_002);
    },
  );
});
