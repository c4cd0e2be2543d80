import { startSmppReceiver, systemClock } from '@carillon/server';
import { PASSWORD, SYSTEM_ID } from './credentials.ts';

/** An SMSC in a process of its own, so that its work is not counted as the sender's. */
const receiver = await startSmppReceiver({
  clock: systemClock,
  host: '127.0.0.1',
  port: 0,
  passwordOf: (systemId) => (systemId === SYSTEM_ID ? PASSWORD : null),
  reportAfterMs: 0,
  take: async () => undefined,
});
process.send?.({ port: receiver.port });
