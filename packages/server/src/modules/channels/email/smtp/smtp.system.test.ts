import { systemClock } from '../../../../platform/clock.ts';
import { describeChannel } from '../../channel-conformance.ts';
import { startSmtpReceiver } from '../../sandbox/mail/smtp-receiver.ts';
import { addressOf, emailChannel, freePort, mailTo, messageIdIn } from '../fixtures/mail-rig.ts';
import type { SmtpSettings } from './smtp-account.ts';

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
  const channel = emailChannel();
  return {
    channel,
    account: { key: 'open', settings: settings(receiver.port) },
    closedAccount: { key: 'closed', settings: settings(await freePort()) },
    envelope: (number, conduct) => mailTo(addressOf(number, conduct)),
    acceptedKeys: async () => keys,
    keyOf: messageIdIn,
    openConnections: async () => receiver.connections(),
    close: async () => {
      await channel.close();
      await receiver.close();
    },
  };
});
