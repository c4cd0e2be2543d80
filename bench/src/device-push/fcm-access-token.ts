import { connect } from 'node:http2';
import { post } from './bare-client.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the local receiver, which looks at the form of an assertion, and not at who signed it. */
export async function fcmAccessToken(origin: string): Promise<string> {
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
