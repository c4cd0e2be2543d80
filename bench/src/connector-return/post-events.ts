import { createHash, createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

const KINDS = ['sent', 'delivered', 'opened', 'clicked'];

/** The event with this number: the same each time it is told. */
export function eventNumber(n: number) {
  const hex = createHash('md5').update(`event ${n}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  return {
    id,
    kind: `message.email.${KINDS[n % KINDS.length]}`,
    at: new Date(1_790_000_000_000 + n).toISOString(),
    external_id: `customer-${n % 50_000}`,
    message_id: id,
    address: `customer-${n % 50_000}@example.com`,
    campaign: { name: 'Autumn' },
  };
}

export interface Posting {
  readonly url: string;
  readonly secret: string;
  readonly events: number;
  readonly perRequest: number;
  readonly connections: number;
}

/** Posts all events, each body twice, signed; asks again until it was taken. Gives how many tries were needed. */
export async function postAll({ url, secret, events, perRequest, connections }: Posting): Promise<number> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const bodies = Math.ceil(events / perRequest);
  let next = 0;
  let tries = 0;
  const post = async () => {
    // Each body a second time after half of the others: what was told twice is seldom told in a row.
    for (let at = next; at < bodies * 2; at = next) {
      next += 1;
      const index = at < bodies ? at : (at + Math.floor(bodies / 2)) % bodies;
      const first = index * perRequest;
      const count = Math.min(perRequest, events - first);
      const body = JSON.stringify({
        events: Array.from({ length: count }, (_, i) => eventNumber(first + i)),
      });
      for (;;) {
        tries += 1;
        const time = String(Math.floor(Date.now() / 1000));
        const mac = createHmac('sha256', key).update(`m-${at}.${time}.${body}`).digest('base64');
        const headers = {
          'webhook-id': `m-${at}`,
          'webhook-timestamp': time,
          'webhook-signature': `v1,${mac}`,
        };
        const answer = await pool
          .request({ method: 'POST', path: pathname, headers, body })
          .catch(() => null);
        await answer?.body.dump();
        if (answer?.statusCode === 200) break;
        await pause(50);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, post));
  await pool.close();
  return tries;
}
