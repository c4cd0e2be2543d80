import { connect } from 'node:http2';
import { FcmChannel, sandboxFcmSettings, systemClock } from '@carillon/server';
import { post } from './bare-client.ts';
import { compareWithBare } from './compare-with-bare.ts';

/** As long as FCM's are. */
const tokenOf = (index: number) => `device:${index.toString(36).padStart(152, 'A')}`;

export const fcm = compareWithBare({
  service: 'fcm',
  name: 'FCM',
  channel: () => new FcmChannel({ clock: systemClock, outboundAllowed: [] }),
  settings: sandboxFcmSettings,
  tokenOf,
  async bareRequests(first, { origin, settings }) {
    const headers = { ...first.headers, authorization: `Bearer ${await accessToken(origin)}` };
    const path = `/v1/projects/${settings.projectId}/messages:send`;
    const { message } = first.payload as { message: object };
    return (index) => ({
      path,
      headers,
      body: JSON.stringify({ message: { ...message, token: tokenOf(index) } }),
    });
  },
});

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
