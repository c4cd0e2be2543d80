import { generateKeyPairSync, sign } from 'node:crypto';
import { ApnsChannel, sandboxApnsSettings, systemClock } from '@carillon/server';
import type { DevicePush } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import type { Benchmark } from '../benchmark.ts';
import { BareClient } from './bare-client.ts';
import { compareSides, deliverAll, SESSIONS, STREAMS } from './compare.ts';
import { sampleEnvelope } from './sample-envelope.ts';

const tokenOf = (index: number) => index.toString(16).padStart(64, '0');

export const apns: Benchmark = {
  about: `pages of rendered pushes through the channel of APNs to a receiver in another process, beside bare node:http2 with the same payloads over ${SESSIONS} connections with ${STREAMS} requests each`,
  async run(bench) {
    const receiver = new Child(new URL('./receiver-process.ts', import.meta.url), ['apns']);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const origin = `http://127.0.0.1:${port}`;
    const channel = new ApnsChannel({ clock: systemClock, outboundAllowed: [] });
    bench.afterwards(() => channel.close());
    const account = { key: 'bench', settings: sandboxApnsSettings(origin) };
    const ours = (count: number) =>
      deliverAll(
        count,
        (index) => sampleEnvelope(index, tokenOf(index)),
        (page) => channel.deliver(account, page),
      );

    await ours(1);
    receiver.send({});
    const { first } = (await receiver.message()) as { first: DevicePush };
    const headers = { ...first.headers, authorization: `bearer ${providerToken()}` };
    const body = JSON.stringify(first.payload);
    const client = new BareClient(origin, SESSIONS, STREAMS);
    bench.afterwards(() => client.close());
    return compareSides(bench, {
      ours,
      bare: (count) =>
        client.send(count, (index) => ({
          path: `/3/device/${tokenOf(index)}`,
          // Each message has a name of its own, as it must with any client.
          headers: {
            ...headers,
            'apns-id': `0193a000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
          },
          body,
        })),
    });
  },
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function providerToken(): string {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = { iss: 'SANDBOXTEA', iat: Math.floor(Date.now() / 1_000) };
  const signed = `${part({ alg: 'ES256', kid: 'SANDBOXKEY' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}
