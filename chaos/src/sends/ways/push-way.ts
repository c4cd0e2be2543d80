import { generateKeyPairSync } from 'node:crypto';
import { startFcmReceiver, systemClock } from '@carillon/server';
import { fateOf } from './way.ts';
import type { Fate, Way } from './way.ts';

/** What the receiver plays by the beginning of a token. */
const WORDS: Readonly<Record<Fate, string>> = {
  off: 'device',
  refuse: 'gone',
  once: 'once',
  person: 'device',
};

/** Over FCM's HTTP v1 API. The payload names the message, the token the subscription. */
export const pushWay: Way = {
  channel: 'push',
  words: {
    target_channel: 'push',
    headings: { en: 'The spring teas are here' },
    contents: { en: 'Dear {{ user.external_id }}, look at them.' },
    url: 'https://shop.example/teas',
  },
  subscriptionOf(index) {
    const fate = fateOf(index);
    return { type: 'AndroidPush', token: `${WORDS[fate]}:${index}`, enabled: fate !== 'off' };
  },
  async start({ arrivals, subscriptionAt }) {
    const receiver = await startFcmReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      async take({ messageId, token }) {
        const subscriptionId = subscriptionAt(token);
        const isKnown = messageId !== null && subscriptionId !== undefined;
        arrivals.record(isKnown ? { messageId, subscriptionId } : null, token);
      },
    });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const origin = `http://127.0.0.1:${receiver.port}`;
    return {
      transport: 'android_push',
      account: {
        kind: 'fcm',
        service_account: {
          type: 'service_account',
          project_id: 'shop',
          client_email: 'carillon@shop.example',
          private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
          token_uri: `${origin}/token`,
        },
        base_url: origin,
      },
      close: () => receiver.close(),
    };
  },
};
