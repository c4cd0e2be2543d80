import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes whatever is posted and keeps nothing, in a process of its own. Says how many requests came when it is asked. */
let requests = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    requests += 1;
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ requests }));
