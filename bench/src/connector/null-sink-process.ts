import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes users, in bulk or alone, and says that each was created: what the sender alone can do. */
const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":["nothing here"]}');
    return;
  }
  if (request.headers['content-type']?.includes('ndjson') !== true) {
    request.resume();
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end('{"identity":{},"properties":{},"subscriptions":[]}');
    return;
  }
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  let lines = 0;
  request.on('data', (chunk: Buffer) => {
    let out = '';
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
      lines += 1;
      out += `{"line":${lines},"status":"created","onesignal_id":"00000000-0000-4000-8000-000000000000"}\n`;
    }
    if (out !== '') response.write(out);
  });
  request.on('end', () => {
    response.end(
      `{"done":true,"lines":${lines},"created":${lines},"updated":0,"unchanged":0,"rejected":0}\n`,
    );
  });
  request.on('error', () => undefined);
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
