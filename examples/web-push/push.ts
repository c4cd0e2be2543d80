import { randomBytes } from 'node:crypto';
import { makeVapidKeys, startPushService, systemClock, TokenSigner, WebPushChannel } from '@carillon/server';

/**
 * A push service of one's own, two subscriptions of no browser, and a message to each:
 * `node --conditions=source --import tsx examples/web-push/push.ts`
 */
const service = await startPushService({
  clock: systemClock,
  signer: new TokenSigner({ current: randomBytes(32), previous: [] }),
  host: '127.0.0.1',
  port: 0,
  take: async ({ payload, ttl, urgency }) => console.log(payload, ttl, urgency),
});
const app = { kind: 'vapid', subject: 'mailto:ops@shop.example', ...makeVapidKeys() } as const;
const channel = new WebPushChannel({
  clock: systemClock,
  outboundAllowed: [],
  sandboxOrigin: () => service.origin,
});

const pushTo = ({ endpoint, keys }: ReturnType<typeof service.subscribe>) => ({
  messageId: '019ac0e1-9a57-7c30-8b1f-0d4a3b6a7c11',
  lane: 0,
  recipient: {
    subscriptionId: '5f0b1c7e-1f4e-4d53-9a55-6a7c0e1d2f30',
    token: endpoint,
    device: { web_p256: keys.p256dh, web_auth: keys.auth },
  },
  content: {
    appId: 'b2f7f966-d8cc-11e4-bed1-df8f05be55ba',
    title: 'Packed',
    subtitle: null,
    body: 'Your parcel is on its way',
    template: null,
    fields: { url: 'https://shop.example/orders/7' },
    confirmsDelivery: false,
    expiresAt: Date.now() + 3_600_000,
  },
  attempt: 1,
});
const reader = service.subscribe(app.publicKey);
const gone = service.subscribe(app.publicKey, 'gone');
console.log(await channel.deliver({ key: 'shop', settings: app }, [reader, gone].map(pushTo)));
await channel.close();
await service.close();
