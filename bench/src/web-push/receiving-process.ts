import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** A push service that takes everything and keeps nothing, in a process of its own. */
let received = 0;
const server = createServer({ settings: { maxConcurrentStreams: 1_000 } });
server.on('stream', (stream) => {
  stream.on('error', () => undefined);
  stream.resume();
  stream.on('end', () => {
    received += 1;
    stream.respond({ ':status': 201, location: `/m/${received}` });
    stream.end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ received }));
