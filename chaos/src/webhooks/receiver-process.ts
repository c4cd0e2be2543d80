import { createHmac } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Arrival } from './arrival.ts';

/**
 * Takes calls until it is killed. It writes down what came before it answers, and mostly answers that it has it; while it is
 * rough it now and then says no, or says nothing. Arguments: port, file, and the secret of each path as JSON.
 */
const [port = '', file = '', secrets = ''] = process.argv.slice(2);
const keys = JSON.parse(secrets) as Record<string, string>;
let isRough = true;
process.on('message', (said: { readonly isRough: boolean }) => ({ isRough } = said));

interface Told {
  readonly data: { readonly journey: { readonly run_id: string; readonly node_id: string } };
}

/** Null for no answer. */
function mood(): number | null {
  const chance = isRough ? Math.random() : 1;
  if (chance < 0.05) return null;
  if (chance < 0.08) return 400;
  if (chance < 0.11) return 503;
  return chance < 0.115 ? 429 : 204;
}

const server = createServer((request, response) => {
  void (async () => {
    let body = '';
    for await (const piece of request) body += String(piece);
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = request.headers;
    const key = Buffer.from((keys[(request.url ?? '').slice(1)] ?? '').replace('whsec_', ''), 'base64');
    const mac = createHmac('sha256', key)
      .update(`${String(id)}.${String(time)}.${body}`)
      .digest('base64');
    const { journey } = (JSON.parse(body) as Told).data;
    const status = mood();
    const arrival: Arrival = {
      callId: String(id),
      runId: journey.run_id,
      nodeId: journey.node_id,
      at: Date.now(),
      isSigned: signature === `v1,${mac}`,
      isTaken: status === 204,
    };
    appendFileSync(file, `${JSON.stringify(arrival)}\n`);
    if (status === null) response.destroy();
    else response.writeHead(status, status === 429 ? { 'retry-after': '60' } : {}).end();
  })();
});
server.listen(Number(port), '127.0.0.1', () =>
  process.send?.({ port: (server.address() as AddressInfo).port }),
);
