import { createPublicKey, verify } from 'node:crypto';
import { PushRefusal } from './push-refusal.ts';

const DAY_S = 24 * 3_600;
const POINT_BYTES = 65;

export interface VapidExpectation {
  /** The public key that the browser has subscribed with, or null when it was none. */
  readonly key: Buffer | null;
  /** Of this push service, as the request was addressed. */
  readonly origin: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Checks the `Authorization` of a push request as RFC 8292 asks. Throws PushRefusal. */
export function checkVapid(authorization: string | undefined, expected: VapidExpectation): void {
  if (authorization === undefined) {
    if (expected.key === null) return;
    throw new PushRefusal(
      401,
      'the subscription takes messages of its own app only: Authorization is missing',
    );
  }
  const parameters = /^vapid\s+(.*)$/i.exec(authorization)?.[1] ?? '';
  const token = parameter(parameters, 't');
  const key = Buffer.from(parameter(parameters, 'k'), 'base64url');
  if (token === '' || key.length !== POINT_BYTES) {
    throw new PushRefusal(401, 'Authorization must be: vapid t=<token>, k=<public key>');
  }
  if (expected.key !== null && !expected.key.equals(key)) {
    throw new PushRefusal(403, 'the browser has subscribed with another key than k');
  }
  checkToken(token, key, expected);
}

function checkToken(token: string, key: Buffer, { origin, now }: VapidExpectation): void {
  const [header = '', claims = '', signature = ''] = token.split('.');
  if (!isSigned(`${header}.${claims}`, Buffer.from(signature, 'base64url'), key)) {
    throw new PushRefusal(403, 'the token is not signed with the private key of k');
  }
  const { aud, exp } = readJson(claims);
  if (aud !== origin) throw new PushRefusal(403, `aud of the token must be ${origin}`);
  const left = typeof exp === 'number' ? exp - now / 1_000 : Number.NaN;
  if (!(left > 0 && left <= DAY_S)) {
    throw new PushRefusal(403, 'exp of the token must be in the future, by a day at most');
  }
}

function isSigned(text: string, signature: Buffer, point: Buffer): boolean {
  const x = point.subarray(1, 33).toString('base64url');
  const y = point.subarray(33).toString('base64url');
  try {
    const key = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    return verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, signature);
  } catch {
    // A key that is on no curve has signed nothing.
    return false;
  }
}

function readJson(part: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(Buffer.from(part, 'base64url').toString())) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function parameter(parameters: string, name: string): string {
  return new RegExp(`(?:^|,)\\s*${name}="?([\\w.=-]+)"?`).exec(parameters)?.[1] ?? '';
}
