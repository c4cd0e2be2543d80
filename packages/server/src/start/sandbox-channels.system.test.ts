import { createECDH, randomBytes } from 'node:crypto';
import { until } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailingServer } from './fixtures/mailing-server.ts';

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
    for (const channel of ['ios_push', 'android_push', 'web_push', 'sms', 'email']) {
      expect(await server.done('GET', server.of(`channels/${channel}`))).toMatchObject({ kind: 'sandbox' });
    }
    expect(await server.call('GET', server.of('channels/huawei_push'))).toMatchObject({ status: 404 });
  });
});

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
