import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../platform/clock.ts';
import { TokenSigner } from '../../../platform/crypto/index.ts';
import { newId, newTimedId } from '../../../platform/ids.ts';
import { describeChannel } from '../channel-conformance.ts';
import type { Conduct } from '../channel-conformance.ts';
import { startSmtpReceiver } from '../sandbox/mail/smtp-receiver.ts';
import { Tracker } from '../tracking/tracker.ts';
import type { SmtpSettings } from './email-account.ts';
import { EmailChannel } from './email-channel.ts';
import { messageIdOf } from './message-id.ts';
import { UnsubscribeLinks } from '../tracking/unsubscribe-links.ts';
import type { RenderedEmail } from './rendered-email.ts';

const DOMAIN = 'carillon.example';
const WORDS: Partial<Record<Conduct, string>> = {
  accept: 'anna',
  refuse: 'refuse',
  defer: 'defer',
  drop: 'drop',
  lost: 'lost',
  slow: 'slow',
};

const content: RenderedEmail = {
  subject: 'Größe, Ordnung & 12 €',
  html: '<html><body><p>Hello <a href="https://shop.example/orders/7">your order</a></p></body></html>',
  text: 'Hello your order',
  preheader: 'It is on its way',
  fromName: 'Shop',
  fromAddress: 'hello@shop.example',
  copies: [],
  attachments: [],
  replyTo: null,
  headers: { 'List-Unsubscribe': '<https://shop.example/u>' },
  unsubscribeFrom: null,
  trackClicks: true,
  linkTags: null,
  trackOpens: true,
};

const settings = (port: number): SmtpSettings => ({
  kind: 'smtp',
  host: '127.0.0.1',
  port,
  security: 'none',
  user: null,
  password: null,
  connections: 4,
  fromName: 'Carillon',
  fromAddress: 'hello@carillon.example',
});

describeChannel('email over SMTP', async () => {
  const keys: string[] = [];
  const receiver = await startSmtpReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    keepsBodies: true,
    take: async (mail) => void keys.push(mail.providerId),
  });
  const signer = new TokenSigner({ current: randomBytes(32), previous: [] });
  const tracker = new Tracker({ publicUrl: () => 'https://mail.shop.example', signer });
  const unsubscribeLinks = new UnsubscribeLinks({ publicUrl: () => 'https://mail.shop.example', signer });
  const channel = new EmailChannel({
    clock: systemClock,
    signer,
    messageIdDomain: DOMAIN,
    tracker,
    unsubscribeLinks,
  });
  const messageId = newTimedId(Date.now());
  const subscriptions = new Map<number, string>();
  return {
    channel,
    account: { key: 'open', settings: settings(receiver.port) },
    closedAccount: { key: 'closed', settings: settings(await freePort()) },
    envelope(number, conduct) {
      const subscriptionId = subscriptions.get(number) ?? newId();
      subscriptions.set(number, subscriptionId);
      const token = `${WORDS[conduct]}+${number}@example.com`;
      return { messageId, lane: number % 256, recipient: { subscriptionId, token }, content, attempt: 1 };
    },
    acceptedKeys: async () => keys,
    keyOf: ({ messageId, lane, recipient }) =>
      messageIdOf(signer, { messageId, lane, subscriptionId: recipient.subscriptionId }, DOMAIN),
    openConnections: async () => receiver.connections(),
    close: async () => {
      await channel.close();
      await receiver.close();
    },
  };
});

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
