import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { newId, newTimedId } from '../../../../platform/ids.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { Abilities, Conduct, ConformanceRig } from '../../channel-conformance.ts';
import type { Envelope } from '../../channel.ts';
import { startPushService } from '../../sandbox/push-service/push-service.ts';
import type { PushService, PushServiceOptions } from '../../sandbox/push-service/push-service.ts';
import type { ScriptedPushFault } from '../../sandbox/push-service/scripted-push-fault.ts';
import type { ArrivedPush } from '../../sandbox/push-service/take-push.ts';
import { freePort } from '../fixtures/free-port.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { authority, serverIdentity } from '../../../../fixtures/certificates.ts';
import { makeVapidKeys } from './vapid-keys.ts';
import { WebPushChannel } from './web-push-channel.ts';
import type { WebPushSettings } from './web-push-settings.ts';

/** Of what web push has: no test asks for the others. */
const FAULTS: Partial<Record<Conduct, ScriptedPushFault | null>> = {
  accept: null,
  busy: 'busy',
  crash: 'crash',
  garble: 'garble',
  leave: 'leave',
  refuse: 'gone',
  defer: 'defer',
  drop: 'drop',
  lost: 'lost',
  slow: 'slow',
};

const ABILITIES: Abilities = { waitMs: 30_000, garbles: true, multiplexes: true, bounds: true };

const LOOPBACK = ['127.0.0.0/8'];
const app = () => ({ kind: 'vapid', subject: 'mailto:ops@shop.example', ...makeVapidKeys() }) as const;
const settings = app();
const account = { key: 'open', settings };

const content: RenderedPush = {
  appId: newId(),
  title: 'Packed',
  subtitle: null,
  body: 'Your parcel is on its way',
  template: null,
  fields: { data: { order: 7 }, url: 'https://shop.example/orders/7' },
  confirmsDelivery: true,
  expiresAt: Date.now() + 3_600_000,
};

const start = (take: PushServiceOptions['take'], more: Partial<PushServiceOptions> = {}) =>
  startPushService({
    clock: systemClock,
    signer: new TokenSigner({ current: randomBytes(32), previous: [] }),
    host: '127.0.0.1',
    port: 0,
    take,
    ...more,
  });

describeChannel<RenderedPush, WebPushSettings>('web push', openRig, ABILITIES);

async function openRig(): Promise<ConformanceRig<RenderedPush, WebPushSettings>> {
  const keys: string[] = [];
  const service = await start(async ({ token, payload }) => void keys.push(keyIn(token, payload)));
  const closed = await freePort();
  const channel = new WebPushChannel({ clock: systemClock, outboundAllowed: LOOPBACK });
  const messageId = newTimedId(Date.now());
  const envelopes = new Map<string, Envelope<RenderedPush>>();
  const envelopeOf = (conduct: Conduct) => ({
    messageId,
    lane: 0,
    recipient: subscriberOf(service, FAULTS[conduct] ?? null),
    content,
    attempt: 1,
  });
  return {
    // The recipient names the push service, and not the account: that of this account is not there.
    channel: {
      name: channel.name,
      capacity: () => channel.capacity(),
      deliver: (through, page) =>
        channel.deliver(through, through.key === 'open' ? page : page.map((each) => movedTo(closed, each))),
      close: () => channel.close(),
    },
    account,
    closedAccount: { key: 'closed', settings },
    envelope(number, conduct) {
      const name = `${number} ${conduct}`;
      const envelope = envelopes.get(name) ?? envelopeOf(conduct);
      envelopes.set(name, envelope);
      return envelope;
    },
    hugeEnvelope: () => ({ ...envelopeOf('accept'), content: { ...content, body: 'x'.repeat(4_000) } }),
    acceptedKeys: async () => keys,
    keyOf: ({ messageId, recipient }) => `${messageId} ${lastPart(recipient.token)}`,
    openConnections: async () => service.connections(),
    close: async () => {
      await channel.close();
      await service.close();
    },
  };
}

describe('a web push', () => {
  let arrived: ArrivedPush[];
  let service: PushService;
  let channel: WebPushChannel;
  beforeEach(async () => {
    arrived = [];
    service = await start(async (push) => void arrived.push(push));
    channel = new WebPushChannel({ clock: systemClock, outboundAllowed: LOOPBACK });
  });
  afterEach(async () => {
    await channel.close();
    await service.close();
  });

  const envelope = (
    recipient: Partial<Envelope<RenderedPush>['recipient']> = {},
    said: Partial<RenderedPush> = {},
  ): Envelope<RenderedPush> => ({
    messageId: 'message-1',
    lane: 0,
    recipient: { ...subscriberOf(service), ...recipient },
    content: { ...content, ...said },
    attempt: 1,
  });
  const send = async (...page: Envelope<RenderedPush>[]) => channel.deliver(account, page);

  it('is known by the address that the push service gives it', async () => {
    const [outcome] = await send(envelope());
    expect(outcome).toEqual({ state: 'sent', ref: `/m/${arrived[0]?.id}` });
    expect(JSON.parse(arrived[0]?.payload ?? '')).toEqual({
      title: 'Packed',
      alert: 'Your parcel is on its way',
      custom: { i: 'message-1', a: { order: 7 }, u: 'https://shop.example/orders/7', rr: 'y' },
    });
  });

  it('waits as long as its message, in the order of its priority and topic', async () => {
    const fields = { priority: 5, web_push_topic: 'the order with number 7 of the shop' } as const;
    await send(
      envelope({}, { expiresAt: Date.now() + 59_500 }),
      envelope({}, { expiresAt: Date.now() - 5_000, fields }),
      envelope({}, { expiresAt: Date.now() + 10 ** 12 }),
    );
    expect(arrived.map(({ ttl }) => ttl).toSorted((a, b) => a - b)).toEqual([0, 60, 2_419_200]);
    const low = arrived.find(({ ttl }) => ttl === 0);
    expect(low).toMatchObject({ urgency: 'normal', topic: expect.stringMatching(/^[\w-]{32}$/) });
    const high = arrived.find(({ ttl }) => ttl === 60);
    expect(high).toMatchObject({ urgency: 'high', topic: null });
  });

  it('reaches the browsers of an app that subscribed with its key, and with no other', async () => {
    const own = subscriberOf(service, null, settings.publicKey);
    const foreign = subscriberOf(service, null, app().publicKey);
    expect(await send(envelope(foreign))).toMatchObject([
      { state: 'retry', reason: expect.stringMatching(/^403 the push service refuses the VAPID key/) },
    ]);
    expect(await send(envelope(own))).toMatchObject([{ state: 'sent' }]);
    // Now the key is known to be good.
    expect(await send(envelope(foreign))).toEqual([
      {
        state: 'failed',
        reason: expect.stringMatching(/^403 the subscription was made with another VAPID key/),
      },
    ]);
  });

  it.each([
    ['gone', { state: 'failed', address: { notificationTypes: -10 } }],
    ['large', { state: 'failed', reason: expect.stringMatching(/^413 /) }],
    ['busy', { state: 'retry', afterMs: 30_000 }],
    ['defer', { state: 'retry', afterMs: null }],
  ] as const)('that is %s', async (fault, outcome) => {
    expect(await send(envelope(subscriberOf(service, fault)))).toMatchObject([outcome]);
  });

  it('that cannot be made is told why, and holds up no other', async () => {
    const { device } = subscriberOf(service);
    const outcomes = await send(
      envelope({ device: {} }),
      envelope({ device: { ...device, web_p256: Buffer.alloc(65, 4).toString('base64') } }),
      envelope({ token: 'no address' }),
      envelope({}, { body: 'x'.repeat(4_000) }),
      envelope({}, { title: null, body: null }),
      envelope(),
    );
    expect(outcomes).toEqual([
      { state: 'failed', reason: expect.stringMatching(/has no web_p256/) },
      { state: 'failed', reason: expect.stringMatching(/not a point of P-256/) },
      { state: 'failed', reason: expect.stringMatching(/not the address of a push service/) },
      { state: 'failed', reason: expect.stringMatching(/the payload has 41\d\d bytes/) },
      { state: 'failed', reason: expect.stringMatching(/must show every push/) },
      { state: 'sent', ref: expect.any(String) },
    ]);
  });

  it('does not go to machines of ours, but for the sandbox’s push service', async () => {
    await channel.close();
    channel = new WebPushChannel({ clock: systemClock, outboundAllowed: [] });
    expect(await send(envelope())).toEqual([
      {
        state: 'failed',
        reason: 'the push service was not reached: 127.0.0.1 is not on the public internet',
      },
    ]);
    channel = new WebPushChannel({
      clock: systemClock,
      outboundAllowed: [],
      sandboxOrigin: () => service.origin,
    });
    expect(await send(envelope())).toMatchObject([{ state: 'sent' }]);
  });

  it.each([
    ['HTTP/2', ['h2', 'http/1.1']],
    ['HTTP/1.1 where there is nothing else', ['http/1.1']],
  ] as const)('goes over TLS by %s', async (_, protocols) => {
    const secure = await start(async (push) => void arrived.push(push), {
      tls: { ...serverIdentity, protocols },
    });
    const authorities = [authority];
    const trusting = new WebPushChannel({ clock: systemClock, outboundAllowed: LOOPBACK, authorities });
    const page = [1, 2, 3].map(() => envelope(subscriberOf(secure, null, settings.publicKey)));
    try {
      expect(await trusting.deliver(account, page)).toMatchObject(page.map(() => ({ state: 'sent' })));
      expect(await send(...page)).toMatchObject(page.map(() => ({ state: 'retry' })));
    } finally {
      await trusting.close();
      await secure.close();
    }
  });
});

/** Somebody who reads what is sent, at a push service of the sandbox. */
function subscriberOf(
  service: PushService,
  fault: ScriptedPushFault | null = null,
  key: string | null = null,
): Envelope<RenderedPush>['recipient'] {
  const { endpoint, keys } = service.subscribe(key, fault);
  const device = { web_p256: keys.p256dh, web_auth: keys.auth };
  return { subscriptionId: newId(), token: endpoint, device };
}

function movedTo(port: number, envelope: Envelope<RenderedPush>): Envelope<RenderedPush> {
  const url = new URL(envelope.recipient.token);
  url.port = String(port);
  return { ...envelope, recipient: { ...envelope.recipient, token: url.href } };
}

/** The message's id, and where it went. */
function keyIn(token: string, payload: string): string {
  const { custom } = JSON.parse(payload) as { custom: { i: string } };
  return `${custom.i} ${token}`;
}

function lastPart(endpoint: string): string {
  return endpoint.slice(endpoint.lastIndexOf('/') + 1);
}
