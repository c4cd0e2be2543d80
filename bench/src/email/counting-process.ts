import { startCountingReceiver, systemClock } from '@carillon/server';

/** A mail server in a process of its own, so that its work is not counted as the sender's. */
const receiver = await startCountingReceiver({
  clock: systemClock,
  host: '127.0.0.1',
  port: 0,
  countsIds: false,
});
process.on('message', () => process.send?.({ accepted: receiver.accepted() }));
process.send?.({ port: receiver.port });
