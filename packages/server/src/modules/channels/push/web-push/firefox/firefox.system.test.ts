import { randomBytes } from 'node:crypto';
import { findFirefox, Firefox, startPushSite, until } from '@carillon/test-kit';
import type { PushSite } from '@carillon/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../../platform/clock.ts';
import { TokenSigner } from '../../../../../platform/crypto/index.ts';
import { newId } from '../../../../../platform/ids.ts';
import type { Addressee } from '../../../channel.ts';
import { startPushService } from '../../../sandbox/push-service/push-service.ts';
import type { PushService, PushSubscriptionJson } from '../../../sandbox/push-service/push-service.ts';
import type { RenderedPush } from '../../rendered-push.ts';
import { LARGEST_MESSAGE } from '../encrypt-message.ts';
import { makeVapidKeys } from '../vapid-keys.ts';
import { WebPushChannel } from '../web-push-channel.ts';
import { writePayload } from '../write-payload.ts';

/** Where Firefox has to be installed first. */
const PREPARE_MS = 300_000;

const settings = { kind: 'vapid', subject: 'mailto:ops@shop.example', ...makeVapidKeys() } as const;
const appId = newId();
const subscriptionId = newId();

/** A Firefox that has subscribed, and what is between it and us. */
interface Rig {
  readonly service: PushService;
  readonly site: PushSite;
  readonly channel: WebPushChannel;
  readonly firefox: Firefox;
  readonly recipient: Addressee;
}

let missing = '';
let rig: Rig;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const found = await findFirefox();
  if (found.path !== null) rig = await subscribedFirefox(found.path);
  else {
    missing = found.reason;
    console.error(`Web push is not tried with a browser: ${missing}`);
  }
}, PREPARE_MS);
afterAll(async () => {
  for (const close of closers.toReversed()) await close();
});
beforeEach(({ skip }) => skip(missing !== '', missing));

async function subscribedFirefox(path: string): Promise<Rig> {
  const service = await startPushService({
    clock: systemClock,
    signer: new TokenSigner({ current: randomBytes(32), previous: [] }),
    host: '127.0.0.1',
    port: 0,
    take: async () => undefined,
  });
  closers.push(() => service.close());
  const site = await startPushSite();
  closers.push(() => site.close());
  const channel = new WebPushChannel({
    clock: systemClock,
    outboundAllowed: [],
    sandboxOrigin: () => service.origin,
  });
  closers.push(() => channel.close());
  const firefox = await Firefox.start({ path, pushService: service.origin });
  closers.push(() => firefox.close());
  await firefox.visit(site.url);
  const { endpoint, keys } = await firefox.run<PushSubscriptionJson>('return subscribe(arguments[0])', [
    { applicationServerKey: settings.publicKey, api: '', appId, playerId: subscriptionId },
  ]);
  const device = { web_p256: keys.p256dh, web_auth: keys.auth };
  return { service, site, channel, firefox, recipient: { subscriptionId, token: endpoint, device } };
}

async function send(messageId: string, content: RenderedPush) {
  const { channel, recipient } = rig;
  const envelope = { messageId, lane: 0, recipient, content, attempt: 1 };
  const [outcome] = await channel.deliver({ key: 'app', settings }, [envelope]);
  return outcome;
}

const push = (said: Partial<RenderedPush>): RenderedPush => ({
  appId,
  title: 'Packed',
  subtitle: null,
  body: null,
  template: null,
  fields: {},
  confirmsDelivery: false,
  expiresAt: Date.now() + 3_600_000,
  ...said,
});

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly tag: string;
  readonly icon: string;
  readonly data: object;
}

/** The notification with this title, once Firefox shows it. */
const shown = (title: string) =>
  until(`Firefox shows ${title}`, async () =>
    (await rig.firefox.run<Shown[]>('return shown()')).find((each) => each.title === title),
  );

describe('a real Firefox', () => {
  it('shows what was sent, and tells that it has and that it was clicked', async () => {
    const { service, site, firefox } = rig;
    const icon = new URL('icon.svg', site.url).href;
    const fields = { data: { order: 7 }, url: 'https://shop.example/orders/7', firefox_icon: icon };
    const content = push({ title: 'Größe 42 🎁', body: 'On its way', fields, confirmsDelivery: true });
    expect(await send('message-1', content)).toEqual({
      state: 'sent',
      ref: expect.stringMatching(/^\/m\/[\da-f-]{36}$/),
    });
    expect(await shown('Größe 42 🎁')).toEqual({
      title: 'Größe 42 🎁',
      body: 'On its way',
      tag: appId,
      icon,
      data: { id: 'message-1', additional: { order: 7 }, url: 'https://shop.example/orders/7' },
    });
    await firefox.clickNotification('Größe 42 🎁');
    await until('both reports are there', () => site.reports.length === 2);
    expect(site.reports).toEqual([
      {
        path: '/notifications/message-1/report_received',
        body: { app_id: appId, player_id: subscriptionId },
      },
      { path: '/notifications/message-1', body: { app_id: appId, player_id: subscriptionId, opened: true } },
    ]);
    await until('Firefox has confirmed it', () => service.waiting() === 0);
  });

  it('reads a message of the largest size', async () => {
    const empty = push({ title: 'Largest', body: '', fields: { web_push_topic: 'large' } });
    const body = 'x'.repeat(LARGEST_MESSAGE - writePayload('message-2', empty, true).length);
    expect(await send('message-2', { ...empty, body })).toMatchObject({ state: 'sent' });
    expect(await shown('Largest')).toMatchObject({ body, tag: 'large' });
  });

  it('is gone when it has unsubscribed', async () => {
    await rig.firefox.run('return unsubscribe()');
    expect(await send('message-3', push({}))).toMatchObject({
      state: 'failed',
      address: { notificationTypes: -10 },
    });
  });
});
