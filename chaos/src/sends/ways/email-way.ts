import { readMessageId, startSmtpReceiver, systemClock } from '@carillon/server';
import { fateOf } from './way.ts';
import type { Way } from './way.ts';

const CONNECTIONS = 5;

/** Over SMTP. The Message-ID of a mail names its delivery. */
export const emailWay: Way = {
  channel: 'email',
  words: {
    target_channel: 'email',
    email_subject: 'The spring teas are here',
    email_body: '<p>Dear {{ user.external_id }}, <a href="https://shop.example/teas">look at them</a>.</p>',
  },
  subscriptionOf(index) {
    const fate = fateOf(index);
    return { type: 'Email', token: `${fate}+${index}@example.com`, enabled: fate !== 'off' };
  },
  async start({ arrivals, signer }) {
    const receiver = await startSmtpReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      keepsBodies: false,
      take: async ({ providerId, recipient }) =>
        arrivals.record(readMessageId(signer, providerId), recipient),
    });
    return {
      transport: 'email',
      account: {
        kind: 'smtp',
        host: '127.0.0.1',
        port: receiver.port,
        security: 'none',
        connections: CONNECTIONS,
        from_address: 'hello@carillon.example',
      },
      close: () => receiver.close(),
    };
  },
};
