import { startSmppReceiver, systemClock } from '@carillon/server';
import { fateOf } from './way.ts';
import type { Way } from './way.ts';

const SYSTEM_ID = 'carillon';
const PASSWORD = 'secret';

/** Over SMPP. The text names the message, the number the subscription. */
export const smsWay: Way = {
  channel: 'sms',
  words: { target_channel: 'sms', contents: { en: 'The spring teas are here. {{ message.id }}' } },
  subscriptionOf(index) {
    const fate = fateOf(index);
    return { type: 'SMS', token: numberOf(index), enabled: fate !== 'off' };
  },
  async start({ arrivals, subscriptionAt }) {
    const receiver = await startSmppReceiver({
      clock: systemClock,
      host: '127.0.0.1',
      port: 0,
      passwordOf: (systemId) => (systemId === SYSTEM_ID ? PASSWORD : null),
      reportAfterMs: 50,
      async take({ text, to }) {
        const messageId = text.split(' ').at(-1) ?? '';
        const subscriptionId = subscriptionAt(to);
        arrivals.record(subscriptionId === undefined ? null : { messageId, subscriptionId }, to);
      },
    });
    return {
      transport: 'sms',
      account: {
        kind: 'smpp',
        host: '127.0.0.1',
        port: receiver.port,
        system_id: SYSTEM_ID,
        password: PASSWORD,
        from: '+15550100000',
      },
      close: () => receiver.close(),
    };
  },
};

/** The last three digits of a scripted number tell recipients apart: enough for 50,000 people. */
function numberOf(index: number): string {
  const scripted = String(Math.floor(index / 50)).padStart(3, '0');
  switch (fateOf(index)) {
    case 'refuse':
      return `+15005551${scripted}`;
    case 'once':
      return `+15005553${scripted}`;
    case 'off':
    case 'person':
      return `+49151${String(index).padStart(8, '0')}`;
  }
}
