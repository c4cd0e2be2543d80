import { createHmac } from 'node:crypto';
import { Pool } from 'undici';

export interface BarePosting {
  readonly url: string;
  readonly bodies: readonly string[];
  readonly connections: number;
}

/** Posts all bodies with undici, each signed after Standard Webhooks, and nothing else. Requests a second. */
export async function postBare({ url, bodies, connections }: BarePosting): Promise<number> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const key = Buffer.from('a secret of thirty-two bytes, yes');
  const from = performance.now();
  const left = bodies.entries();
  const postLeft = async () => {
    for (const [index, body] of left) {
      const time = String(Math.floor(Date.now() / 1_000));
      const mac = createHmac('sha256', key).update(`event-${index}.${time}.${body}`).digest('base64');
      const headers = {
        'content-type': 'application/json',
        'webhook-id': `event-${index}`,
        'webhook-timestamp': time,
        'webhook-signature': `v1,${mac}`,
      };
      const answer = await pool.request({ method: 'POST', path: pathname, headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 204) throw new Error(`answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, postLeft));
  const rate = (bodies.length / (performance.now() - from)) * 1_000;
  await pool.close();
  return rate;
}
