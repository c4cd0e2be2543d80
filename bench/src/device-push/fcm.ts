import { connect } from 'node:http2';
import { FcmChannel, sandboxFcmSettings, systemClock } from '@carillon/server';
import type { DevicePush } from '@carillon/server';
import { Child } from '@carillon/test-kit';
import type { Benchmark } from '../benchmark.ts';
import { BareClient, post } from './bare-client.ts';
import { compareSides, deliverAll, SESSIONS, STREAMS } from './compare.ts';
import { sampleEnvelope } from './sample-envelope.ts';

/** As long as FCM's are. */
const tokenOf = (index: number) => `device:${index.toString(36).padStart(152, 'A')}`;

export const fcm: Benchmark = {
  about: `pages of rendered pushes through the channel of FCM to a receiver in another process, beside bare node:http2 with the same payloads over ${SESSIONS} connections with ${STREAMS} requests each`,
  async run(bench) {
    const receiver = new Child(new URL('./receiver-process.ts', import.meta.url), ['fcm']);
    bench.afterwards(() => receiver.end());
    const { port } = (await receiver.message()) as { port: number };
    const origin = `http://127.0.0.1:${port}`;
    const channel = new FcmChannel({ clock: systemClock, outboundAllowed: [] });
    bench.afterwards(() => channel.close());
    const settings = sandboxFcmSettings(origin);
    const account = { key: 'bench', settings };
    const ours = (count: number) =>
      deliverAll(
        count,
        (index) => sampleEnvelope(index, tokenOf(index)),
        (page) => channel.deliver(account, page),
      );

    await ours(1);
    receiver.send({});
    const { first } = (await receiver.message()) as { first: DevicePush };
    const headers = { ...first.headers, authorization: `Bearer ${await accessToken(origin)}` };
    const path = `/v1/projects/${settings.projectId}/messages:send`;
    const { message } = first.payload as { message: object };
    const client = new BareClient(origin, SESSIONS, STREAMS);
    bench.afterwards(() => client.close());
    return compareSides(bench, {
      ours,
      bare: (count) =>
        client.send(count, (index) => ({
          path,
          headers,
          body: JSON.stringify({ message: { ...message, token: tokenOf(index) } }),
        })),
    });
  },
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The receiver looks at the form of an assertion, and not at who signed it. */
async function accessToken(origin: string): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: 'bench@carillon.example',
    scope: 'https://www.googleapis.com/auth/firebase.messaging',
    aud: `${origin}/token`,
    iat: now,
    exp: now + 3_600,
  };
  const form = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: `${part({ alg: 'RS256' })}.${part(claims)}.x`,
  });
  const session = connect(origin);
  try {
    const answer = await post(session, { path: '/token', headers: {}, body: form.toString() });
    return (JSON.parse(answer) as { access_token: string }).access_token;
  } finally {
    session.destroy();
  }
}
