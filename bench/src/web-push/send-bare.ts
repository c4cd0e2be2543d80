import { createCipheriv, createECDH, createHmac, createPrivateKey, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:http2';
import type { ClientHttp2Session } from 'node:http2';
import type { VapidKeys } from '@carillon/server';
import { payloadOf } from './subscribers.ts';
import type { Subscriber } from './subscribers.ts';

const AT_ONCE = 400;

const hmac = (key: Buffer, ...parts: (Buffer | string)[]) => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString('base64url');

/** node:crypto and node:http2 with nothing between, and one token for all: messages per second. */
export async function sendBare(
  origin: string,
  app: VapidKeys,
  subscribers: readonly Subscriber[],
): Promise<number> {
  const session = connect(origin);
  await once(session, 'connect');
  const authorization = `vapid t=${tokenFor(origin, app)}, k=${app.publicKey}`;
  const from = performance.now();
  const left = subscribers.entries();
  const sendLeft = async () => {
    for (const [index, subscriber] of left) {
      const body = encrypt(Buffer.from(payloadOf(`message-${index}`)), subscriber);
      const { pathname } = new URL(subscriber.endpoint);
      const status = await post(session, pathname, authorization, body);
      if (status !== 201) throw new Error(`the push service answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendLeft));
  const rate = (subscribers.length / (performance.now() - from)) * 1_000;
  session.close();
  return rate;
}

/** RFC 8291, one record. */
function encrypt(message: Buffer, { keys }: Subscriber): Buffer {
  const theirs = Buffer.from(keys.p256dh, 'base64url');
  const pair = createECDH('prime256v1');
  const ours = pair.generateKeys();
  const salt = randomBytes(16);
  const shared = hmac(Buffer.from(keys.auth, 'base64url'), pair.computeSecret(theirs));
  const key = hmac(salt, hmac(shared, 'WebPush: info\u0000', theirs, ours, '\u0001'));
  const contentKey = hmac(key, 'Content-Encoding: aes128gcm\u0000\u0001').subarray(0, 16);
  const nonce = hmac(key, 'Content-Encoding: nonce\u0000\u0001').subarray(0, 12);
  const cipher = createCipheriv('aes-128-gcm', contentKey, nonce);
  const sealed = [cipher.update(message), cipher.update('\u0002'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([salt, Buffer.from([0, 0, 16, 0, ours.length]), ours, ...sealed]);
}

function post(
  session: ClientHttp2Session,
  path: string,
  authorization: string,
  body: Buffer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      authorization,
      ttl: '86400',
      urgency: 'high',
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
    });
    let status = 0;
    stream.on('response', (headers) => (status = headers[':status'] ?? 0));
    stream.on('error', reject);
    stream.on('close', () => resolve(status));
    stream.resume();
    stream.end(body);
  });
}

function tokenFor(origin: string, { publicKey, privateKey }: VapidKeys): string {
  const exp = Math.floor(Date.now() / 1_000) + 43_200;
  const text = `${part({ typ: 'JWT', alg: 'ES256' })}.${part({ aud: origin, exp, sub: 'mailto:ops@shop.example' })}`;
  const point = Buffer.from(publicKey, 'base64url');
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  const key = createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y, d: privateKey } });
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
