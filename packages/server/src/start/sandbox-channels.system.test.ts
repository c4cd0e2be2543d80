import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statement } from '../platform/database/database.ts';
import { MailingServer } from './fixtures/mailing-server.ts';

const REFUSALS = statement(
  'test.refusals',
  `select reason from delivery_retries where message_id = any ($1)
   union all select reason from deliveries where message_id = any ($1) and reason is not null`,
);

// oxlint-disable-next-line typescript/no-explicit-any
type Body = any;

/** The whole program with its sandbox, and nobody has set an account. */
let server: MailingServer;
let number = 0;

beforeAll(async () => {
  server = await MailingServer.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  number += 1;
});

/** A person with a device or an address. */
async function person(subscription: { readonly type: string; readonly token: string }): Promise<Body> {
  const browser = createECDH('prime256v1');
  browser.generateKeys();
  const user = await server.done('POST', server.of('users'), {
    identity: { external_id: `user-${number}` },
    properties: { tags: { first_name: 'Ann' } },
    subscriptions: [
      {
        ...subscription,
        ...(subscription.token.startsWith('http') && {
          web_p256: browser.getPublicKey('base64url'),
          web_auth: randomBytes(16).toString('base64url'),
        }),
      },
    ],
  });
  return user.subscriptions[0];
}

const post = (message: object) =>
  server.done('POST', '/notifications', {
    app_id: server.carillon.appId,
    include_aliases: { external_id: [`user-${number}`] },
    ...message,
  });

async function send(message: object): Promise<Body> {
  const { id } = await post(message);
  return server.ended(id);
}

const push = {
  target_channel: 'push',
  headings: { en: 'Hello {{ user.tags.first_name }}' },
  contents: { en: 'Packed' },
  url: 'https://shop.example/orders/7',
  data: { order: 7 },
};

/** What has arrived for a recipient, newest first, opened. */
async function arrived(recipient: string): Promise<Body[]> {
  const query = new URLSearchParams({ recipient });
  const { messages } = await server.done('GET', `/sandbox/messages?${query}`);
  return Promise.all(messages.map(({ id }: Body) => server.done('GET', `/sandbox/messages/${id}`)));
}

const does = (message: Body, action: string, body?: object) =>
  server.call('POST', `/sandbox/messages/${message.id}/${action}`, body);

const kindsOf = async (message: Body): Promise<string[]> =>
  (await server.done('GET', `/sandbox/messages/${message.id}`)).events.map(({ kind }: Body) => kind);

describe.each([
  ['an iPhone', 'iOSPush', 'ios_push', () => String(number).padStart(64, 'ab')],
  ['an Android phone', 'AndroidPush', 'android_push', () => `android:${number}`],
  ['a browser', 'ChromePush', 'web_push', () => `https://push.example/send/${number}`],
])('a push message for %s', (_, type, channel, tokenOf) => {
  it('arrives in the sandbox when no account is set, as its person sees it', async () => {
    const token = tokenOf();
    const subscription = await person({ type, token });
    const view = await send(push);
    expect(view).toMatchObject({ successful: 1, failed: 0, errored: 0 });
    expect(await arrived(token)).toMatchObject([
      {
        channel,
        to: token,
        subject: 'Hello Ann',
        preview: 'Packed',
        message_id: view.id,
        subscription_id: subscription.id,
        push: {
          title: 'Hello Ann',
          body: 'Packed',
          url: 'https://shop.example/orders/7',
          data: { order: 7 },
        },
        actions: ['show', 'click', 'uninstall'],
      },
    ]);
  });

  it('is shown and clicked over the routes of devices', async () => {
    const token = tokenOf();
    await person({ type, token });
    const { id } = await send(push);
    const [message] = await arrived(token);
    expect(await does(message, 'show')).toEqual({ status: 200, body: { success: true } });
    expect(await does(message, 'click')).toEqual({ status: 200, body: { success: true } });
    expect(await does(message, 'click')).toMatchObject({ status: 200 });
    expect(await server.view(id)).toMatchObject({ received: 1, converted: 1 });
    expect(await kindsOf(message)).toEqual(expect.arrayContaining(['delivered', 'clicked']));
  });

  it('is refused once its app was uninstalled, and the subscription ends', async () => {
    const token = tokenOf();
    const subscription = await person({ type, token });
    await send(push);
    const [message] = await arrived(token);
    expect(await does(message, 'uninstall')).toMatchObject({ status: 200 });
    expect(await does(message, 'uninstall')).toMatchObject({ status: 409 });
    expect(await send(push)).toMatchObject({ successful: 0, errored: 1 });
    expect(await arrived(token)).toHaveLength(1);
    const user = await server.done('GET', server.of(`users/by/external_id/user-${number}`));
    expect(user.subscriptions).toMatchObject([{ id: subscription.id, enabled: false }]);
  });
});

const phoneOf = () => `+49151${String(20_000_000 + number)}`;

describe('a text message', () => {
  it('arrives in the sandbox when no account is set, with its segments, and is reported as delivered', async () => {
    const phone = phoneOf();
    await person({ type: 'SMS', token: phone });
    const text = `Packed: ${'€'.repeat(90)}`;
    const { id } = await send({ target_channel: 'sms', contents: { en: text } });
    expect(await arrived(phone)).toMatchObject([
      {
        channel: 'sms',
        text,
        message_id: id,
        sms: { encoding: 'GSM-7', segments: 2, units: 188, media_urls: [] },
        actions: ['reply'],
      },
    ]);
    await until('the report is counted', async () => (await server.view(id)).received === 1);
  });

  it('is answered with STOP, HELP and START through the webhook of the provider', async () => {
    const phone = phoneOf();
    await person({ type: 'SMS', token: phone });
    const message = { target_channel: 'sms', contents: { en: 'Packed' } };
    await send(message);
    const [text] = await arrived(phone);
    expect(await does(text, 'reply', { text: 'stop' })).toMatchObject({ status: 200 });
    expect(await post(message)).toMatchObject({ id: '' });
    expect(await does(text, 'reply', { text: 'HELP' })).toMatchObject({ status: 200 });
    expect(await does(text, 'reply', { text: 'Start' })).toMatchObject({ status: 200 });
    expect(await send(message)).toMatchObject({ successful: 1 });
  });

  it('to a number that answers STOP by itself ends its subscription', async () => {
    const phone = `+15005559${String(number).padStart(3, '0')}`;
    await person({ type: 'SMS', token: phone });
    const message = { target_channel: 'sms', contents: { en: 'Packed' } };
    await send(message);
    const told = await until('nobody is left', async () => {
      const answer = await post(message);
      return answer.id === '' && answer;
    });
    expect(told.errors).toEqual(['All included players are not subscribed']);
  });

  it('goes through the SMSC of the sandbox for an app that has set it', async () => {
    const phone = phoneOf();
    await person({ type: 'SMS', token: phone });
    await server.done('PUT', server.of('channels/sms'), {
      kind: 'smpp',
      host: '127.0.0.1',
      port: server.carillon.sandbox?.smppPort,
      system_id: server.carillon.appId,
      password: 'sandbox',
      from: 'Shop',
    });
    const message = { target_channel: 'sms', contents: { en: 'Packed' } };
    const { id } = await send(message);
    await until('the receipt is counted', async () => (await server.view(id)).received === 1);
    const [text] = await arrived(phone);
    expect(text).toMatchObject({ from: { address: 'Shop' }, text: 'Packed' });
    expect(await does(text, 'reply', { text: 'STOP' })).toMatchObject({ status: 200 });
    expect(await post(message)).toMatchObject({ id: '' });
    await server.done('DELETE', server.of('channels/sms'));
  });
});

describe('what nobody can do', () => {
  it('is refused with what is wrong', async () => {
    await server.sendAndWait(`ann-${number}@example.com`, {});
    const [mail] = await arrived(`ann-${number}@`);
    for (const action of ['show', 'click', 'uninstall']) {
      const { status, body } = await does(mail, action);
      expect(status).toBe(409);
      expect(JSON.stringify(body)).toContain(`nobody can ${action} a message of email`);
    }
    expect(await does(mail, 'reply', { text: 'STOP' })).toMatchObject({ status: 409 });
    expect(await does(mail, 'reply', {})).toMatchObject({ status: 400 });
    expect(await does({ id: 999_999_999 }, 'click')).toMatchObject({ status: 404 });
  });
});

describe('an app without an account', () => {
  it('tells that it sends through the sandbox, and on which channels', async () => {
    const push = ['ios_push', 'android_push', 'huawei_push', 'amazon_push', 'web_push'];
    for (const channel of [...push, 'sms', 'email']) {
      expect(await server.done('GET', server.of(`channels/${channel}`))).toMatchObject({ kind: 'sandbox' });
    }
  });
});

describe('what an app has set itself', () => {
  it('does not lead to this machine, not to the sandbox by its own settings either', async () => {
    let connections = 0;
    const neighbour = createServer(() => (connections += 1));
    neighbour.listen(0, '127.0.0.1');
    await once(neighbour, 'listening');
    const { port } = neighbour.address() as AddressInfo;
    await server.done('PUT', server.of('channels/sms'), {
      kind: 'twilio',
      account_sid: `AC${'0'.repeat(32)}`,
      auth_token: 'token',
      from: '+15550100000',
      base_url: `http://127.0.0.1:${port}`,
    });
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    await server.done('PUT', server.of('channels/ios_push'), {
      kind: 'apns',
      key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      key_id: 'ABCDEFGHIJ',
      team_id: 'KLMNOPQRST',
      bundle_id: 'example.shop',
      base_url: server.carillon.sandbox?.apnsOrigin,
    });
    await server.done('PUT', server.of('channels/web_push'), {
      kind: 'vapid',
      subject: 'mailto:a@shop.example',
    });
    const token = String(number).padStart(64, 'ef');
    await person({ type: 'SMS', token: phoneOf() });
    await person({ type: 'iOSPush', token });
    await person({ type: 'ChromePush', token: `http://127.0.0.1:${port}/${number}` });
    const ids: string[] = [];
    for (const message of [{ target_channel: 'sms', contents: { en: 'Packed' } }, push]) {
      ids.push((await post(message)).id);
    }
    await until('all three were tried', async () => (await refusalsOf(ids)).length === 3);
    for (const reason of await refusalsOf(ids))
      expect(reason).toMatch(/public internet|private|not reachable/);
    expect(connections).toBe(0);
    expect(await arrived(token)).toEqual([]);
    for (const channel of ['sms', 'ios_push', 'web_push']) {
      await server.done('DELETE', server.of(`channels/${channel}`));
    }
    neighbour.close();
  });
});

/** Why deliveries have not gone, or not yet. */
async function refusalsOf(messages: readonly string[]): Promise<string[]> {
  const rows = await server.test.database.rows<{ reason: string }>(REFUSALS, [messages]);
  return rows.map(({ reason }) => reason);
}

describe('whoever waits for a message', () => {
  it('is answered when it comes', async () => {
    const token = String(number).padStart(64, 'cd');
    await person({ type: 'iOSPush', token });
    const waiting = server.done('GET', `/sandbox/messages?recipient=${token}&wait=30`);
    await send(push);
    expect((await waiting).messages).toMatchObject([{ to: token }]);
    const [{ id }] = (await waiting).messages;
    const next = server.done('GET', `/sandbox/messages?channel=ios_push&after=${id}&wait=30`);
    await send(push);
    expect((await next).messages).toHaveLength(1);
  });
});

describe('a page of somewhere else', () => {
  it('can do nothing here', async () => {
    const answer = await fetch(`${server.carillon.url}/sandbox/messages/1/click`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(answer.status).toBe(403);
  });
});
