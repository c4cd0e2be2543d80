import { startApnsReceiver, startFcmReceiver, systemClock } from '@carillon/server';
import type { DevicePush } from '@carillon/server';

/** A push service in a process of its own, so that its work is not counted as the sender's. */
const start = process.argv[2] === 'apns' ? startApnsReceiver : startFcmReceiver;
let accepted = 0;
let first: DevicePush | null = null;
const receiver = await start({
  clock: systemClock,
  host: '127.0.0.1',
  port: 0,
  async take(push) {
    accepted += 1;
    first ??= push;
  },
});
process.on('message', () => process.send?.({ accepted, first }));
process.send?.({ port: receiver.port });
