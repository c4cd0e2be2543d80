import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import { TokenSigner } from '../../../../platform/crypto/index.ts';
import { newId, newTimedId } from '../../../../platform/ids.ts';
import { startSmtpReceiver } from '../../sandbox/mail/smtp-receiver.ts';
import { Tracker } from '../../tracking/tracker.ts';
import { UnsubscribeLinks } from '../../tracking/unsubscribe-links.ts';
import { EmailChannel } from '../email-channel.ts';
import { smtpKind } from '../smtp/smtp-kind.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const publicUrl = () => 'https://mail.shop.example';

it('signs the mail with the headers that end the mails, and its copies', async () => {
  const arrived: Buffer[] = [];
  const receiver = await startSmtpReceiver({
    clock: systemClock,
    host: '127.0.0.1',
    port: 0,
    keepsBodies: true,
    take: async ({ raw }) => void arrived.push(raw),
  });
  const signer = new TokenSigner({ current: randomBytes(32), previous: [] });
  const channel = new EmailChannel({
    clock: systemClock,
    signer,
    outboundAllowed: [],
    messageIdDomain: 'carillon.example',
    tracker: new Tracker({ publicUrl, signer }),
    unsubscribeLinks: new UnsubscribeLinks({ publicUrl, signer }),
  });
  const settings = smtpKind.read({
    kind: 'smtp',
    host: '127.0.0.1',
    port: receiver.port,
    security: 'none',
    from_address: 'hello@shop.example',
    dkim: {
      domain: 'shop.example',
      selector: 'c1',
      private_key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    },
  });
  const content = {
    subject: 'Größe, Ordnung & 12 €',
    html: '<p>Hello <a href="https://shop.example/orders/7">your order</a></p>\n.\n..  \n',
    text: 'Hello\n.\n..  \n\n',
    preheader: 'It is on its way',
    fromName: 'Shop',
    fromAddress: null,
    senderDomain: null,
    replyTo: 'help@shop.example',
    copies: ['archive@shop.example'],
    attachments: [],
    headers: {},
    unsubscribeFrom: newId(),
    inviteUnsubscribe: true,
    trackClicks: true,
    linkTags: null,
    trackOpens: true,
  };
  const recipient = { subscriptionId: newId(), token: 'anna@example.com' };
  const envelope = { messageId: newTimedId(Date.now()), lane: 7, recipient, content, attempt: 1 };
  const outcomes = await channel.deliver({ key: 'signing', settings }, [envelope]);
  await channel.close();
  await receiver.close();
  expect(outcomes).toMatchObject([{ state: 'sent', copies: 1 }]);

  const record = smtpKind.show(settings).dkim?.record;
  const resolver = async (name: string) => (name === record?.name ? [[record.value]] : []);
  expect(arrived).toHaveLength(2);
  for (const raw of arrived) {
    const { results } = await dkimVerify(raw, { resolver });
    expect(results).toMatchObject([{ status: { result: 'pass', aligned: 'shop.example' } }]);
  }
  // A copy ends nobody's mails.
  const endable = arrived
    .map((raw) => raw.toString('latin1'))
    .find((text) => /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m.test(text));
  expect(endable).toMatch(/^DKIM-Signature:.*?list-unsubscribe:\r\n\s+list-unsubscribe-post:/s);
});
