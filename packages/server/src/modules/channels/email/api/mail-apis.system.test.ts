import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock.ts';
import type { ProviderAccount } from '../../channel.ts';
import { describeChannel } from '../../channel-conformance.ts';
import type { ArrivedMail } from '../../sandbox/mail/smtp-receiver.ts';
import { startMailApisReceiver } from '../../sandbox/mail-apis/mail-apis-receiver.ts';
import type { MailApisReceiver } from '../../sandbox/mail-apis/mail-apis-receiver.ts';
import { addressOf, emailChannel, freePort, mailTo, messageIdIn, signer } from '../fixtures/mail-rig.ts';
import { settingsOf } from '../fixtures/sandbox-accounts.ts';
import { readCopyId, readMessageId } from '../message-id.ts';
import { REPORTING_KINDS } from '../reports/report-readers.ts';
import { writeAttachment } from '../write-attachment.ts';
import { mailApiOf } from './mail-apis.ts';
import type { MailApiSettings } from './mail-apis.ts';

const startReceiver = (take: (mail: ArrivedMail) => void): Promise<MailApisReceiver> =>
  startMailApisReceiver({ clock: systemClock, host: '127.0.0.1', port: 0, take: async (mail) => take(mail) });

for (const kind of REPORTING_KINDS) {
  describeChannel<ReturnType<typeof mailTo>['content'], MailApiSettings>(
    `email over the API of ${kind}`,
    async () => {
      const keys: string[] = [];
      const receiver = await startReceiver((mail) => keys.push(tokenIn(mail.providerId)));
      const channel = emailChannel();
      const { origin } = receiver;
      const account = { key: 'open', settings: settingsOf(kind, origin) };
      const nowhere = `http://127.0.0.1:${await freePort()}`;
      return {
        channel,
        account,
        closedAccount: { key: 'closed', settings: settingsOf(kind, nowhere) },
        envelope: (number, conduct) => mailTo(addressOf(number, conduct)),
        hugeEnvelope: (number) =>
          mailTo(addressOf(number, 'accept'), {
            html: `${'x'.repeat(63)}\n`.repeat(mailApiOf(account.settings).mostBytes / 64),
          }),
        acceptedKeys: async () => keys,
        keyOf: (envelope) => tokenIn(messageIdIn(envelope)),
        openConnections: async () => receiver.connections(),
        close: async () => {
          await channel.close();
          await receiver.close();
        },
      };
    },
    { waitMs: 7_000, bounds: true, deduplicates: kind === 'resend' },
  );
}

describe.each(REPORTING_KINDS)('a mail over the API of %s', (kind) => {
  const arrived: ArrivedMail[] = [];
  const channel = emailChannel();
  let receiver: MailApisReceiver;
  let account: ProviderAccount<MailApiSettings>;
  beforeAll(async () => {
    receiver = await startReceiver((mail) => arrived.push(mail));
    account = { key: kind, settings: settingsOf(kind, receiver.origin) };
  });
  beforeEach(() => {
    arrived.length = 0;
  });
  afterAll(async () => {
    await channel.close();
    await receiver.close();
  });

  it('arrives with all that it has', async () => {
    const file = { filename: 'Größe.pdf', contentType: 'application/pdf', bytes: Buffer.from([0, 255, 7]) };
    const envelope = mailTo('anna@größe.example', {
      replyTo: 'Größe & Co <help@shop.example>',
      attachments: [writeAttachment(file)],
    });
    const [outcome] = await channel.deliver(account, [envelope]);
    expect(outcome).toEqual({ state: 'sent', ref: expect.stringMatching(/./) });
    const [mail = NO_MAIL] = arrived;
    expect(mail).toMatchObject({ recipient: 'anna@xn--gre-6ka8i.example', account: kind });
    const { messageId, lane, recipient } = envelope;
    const { subscriptionId } = recipient;
    expect(readMessageId(signer, mail.providerId)).toEqual({ messageId, lane, subscriptionId });
    const said = await read(mail.raw);
    expect(said.subject).toBe('Größe, Ordnung & 12 €');
    expect(said.from?.value[0]).toEqual({ name: 'The "Shop"', address: 'hello@shop.example' });
    expect(said.replyTo?.value[0]?.address).toBe('help@shop.example');
    expect(said.html).toContain('It is on its way');
    expect(said.html).toContain('https://mail.shop.example/t/o/');
    expect(said.text?.trim()).toBe('Hello your order');
    expect(said.headerLines.map(({ line }) => line)).toContain('List-Unsubscribe: <https://shop.example/u>');
    const [attachment] = said.attachments;
    expect(attachment).toMatchObject({ filename: 'Größe.pdf', contentType: 'application/pdf' });
    expect(attachment?.content).toEqual(file.bytes);
  });

  it('has copies of its own, which nobody takes for it', async () => {
    const copies = ['archive@shop.example', 'refuse@shop.example'];
    const [outcome] = await channel.deliver(account, [mailTo('anna@example.com', { copies })]);
    expect(outcome).toMatchObject({ state: 'sent', copies: 1 });
    const copy = arrived.find(({ recipient }) => recipient === 'archive@shop.example') ?? NO_MAIL;
    expect(readMessageId(signer, copy.providerId)).toBeNull();
    expect(readCopyId(signer, copy.providerId)).not.toBeNull();
    expect((await read(copy.raw)).html).not.toContain('/t/o/');
  });

  it('waits for its app to mend the credentials, and says where', async () => {
    const settings = { ...account.settings, ...wrongSecrets };
    const [outcome] = await channel.deliver({ key: `${kind} wrong`, settings }, [mailTo('anna@example.com')]);
    expect(outcome).toMatchObject({
      state: 'retry',
      reason: expect.stringContaining('PUT /apps/{app_id}/channels/email'),
      afterMs: null,
    });
    expect(arrived).toEqual([]);
  });

  it('does not go to an address inside, and says which setting leads there', async () => {
    const guarded = emailChannel({ outboundAllowed: [] });
    const [outcome] = await guarded.deliver(account, [mailTo('anna@example.com')]);
    expect(outcome).toMatchObject({ state: 'retry', reason: expect.stringContaining('base_url') });
    await guarded.close();
    const ofSandbox = emailChannel({ outboundAllowed: [], sandboxOrigin: receiver.origin });
    expect(await ofSandbox.deliver(account, [mailTo('anna@example.com')])).toMatchObject([{ state: 'sent' }]);
    await ofSandbox.close();
  });
});

const read = (raw: Buffer) => simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
/** Providers that write mails themselves may name them anew: the signed part stays. */
const tokenIn = (messageId: string) => messageId.replace(/@.*/, '');
const NO_MAIL = { providerId: '', raw: Buffer.alloc(0) };

/** Whatever opens an API, under the names that each provider has for it. */
const wrongSecrets = { apiKey: 'wrong', secretAccessKey: 'wrong', serverToken: 'wrong' };
