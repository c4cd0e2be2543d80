import { createHmac } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './arrival.ts';

/**
 * Takes webhooks until it is killed. It writes down what came before it answers, and mostly answers that it has it; while it
 * is rough it now and then says no, or says nothing. Arguments: port, file, and the secret of each path as JSON.
 */
const [port = '', file = '', secrets = ''] = process.argv.slice(2);
const keys = JSON.parse(secrets) as Record<string, string>;
let isRough = true;
let phase = 0;
process.on('message', (said: { readonly isRough: boolean; readonly phase: number }) => {
  ({ isRough, phase } = said);
});

interface Told {
  readonly data: {
    readonly id: string;
    readonly onesignal_id: string;
    readonly data: { readonly properties: { n: number } };
  };
}

/** Weights of what a rough receiver does. */
function mood(): 'takes' | 'loses the answer' | 'refuses' | 'fails' | 'asks to wait' {
  const chance = isRough ? Math.random() : 1;
  if (chance < 0.05) return 'loses the answer';
  if (chance < 0.08) return 'refuses';
  if (chance < 0.11) return 'fails';
  return chance < 0.115 ? 'asks to wait' : 'takes';
}

const server = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
    const stream = (request.url ?? '').slice(1);
    const key = Buffer.from((keys[stream] ?? '').replace('whsec_', ''), 'base64');
    const mac = createHmac('sha256', key)
      .update(`${String(id)}.${String(time)}.${body}`)
      .digest('base64');
    const isSigned = signature === `v1,${mac}`;
    const now = mood();
    const told = [JSON.parse(body) as Told | Told[]].flat();
    const lines = told.map(({ data }): Arrival => {
      const {
        id: eventId,
        onesignal_id: user,
        data: { properties },
      } = data;
      return { stream, eventId, user, n: properties.n, isSigned, phase };
    });
    appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    switch (now) {
      case 'takes':
        return response.writeHead(204).end();
      case 'loses the answer':
        return response.destroy();
      case 'refuses':
        return response.writeHead(400).end();
      case 'fails':
        return response.writeHead(503).end();
      case 'asks to wait':
        return response.writeHead(429, { 'retry-after': '60' }).end();
    }
  })();
});
server.listen(Number(port), '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
