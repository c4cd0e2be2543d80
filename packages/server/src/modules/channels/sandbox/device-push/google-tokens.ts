import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { Reply } from './http2-receiver.ts';

type Json = Readonly<Record<string, unknown>>;

const LIFE_S = 3_599;
const LONGEST_ASSERTION_S = 3_600;
const SCOPES: ReadonlySet<string> = new Set([
  'https://www.googleapis.com/auth/firebase.messaging',
  'https://www.googleapis.com/auth/cloud-platform',
]);
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Google's token endpoint for service accounts (RFC 7523): gives out access tokens, and knows them again. */
export class GoogleTokens {
  readonly #publicKey: string | null;
  /** Ends of life by token, in milliseconds. */
  readonly #given = new Map<string, number>();

  /** `publicKey`: PEM; assertions must be signed with its private part. Null: they need only be of the right form. */
  constructor(publicKey: string | null) {
    this.#publicKey = publicKey;
  }

  /** @param now milliseconds since the epoch */
  give(form: Buffer, now: number): Reply {
    const params = new URLSearchParams(form.toString('utf8'));
    if (params.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', 'Invalid grant_type');
    const fault = this.#faultOf(params.get('assertion') ?? '', now / 1_000);
    if (fault !== null) return refuse('invalid_grant', fault);
    const token = `ya29.${randomBytes(48).toString('base64url')}`;
    this.#given.set(token, now + LIFE_S * 1_000);
    return {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ access_token: token, expires_in: LIFE_S, token_type: 'Bearer' }),
    };
  }

  knows(authorization: string | undefined, now: number): boolean {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    return (this.#given.get(token) ?? 0) > now;
  }

  /** All that were given out end now, as when the account's key is taken away. */
  endAll(): void {
    this.#given.clear();
  }

  /** `now` in seconds, as in the claims. */
  #faultOf(assertion: string, now: number): string | null {
    const [head, claims, signature = ''] = assertion.split('.');
    const { alg } = partOf(head);
    const { iss, scope, aud, iat, exp } = partOf(claims);
    if (alg !== 'RS256' || typeof iss !== 'string' || typeof aud !== 'string') return 'Invalid JWT';
    if (typeof scope !== 'string' || !scope.split(' ').some((each) => SCOPES.has(each)))
      return 'Invalid scope';
    const isShort = typeof iat === 'number' && typeof exp === 'number' && exp - iat <= LONGEST_ASSERTION_S;
    if (!isShort || iat > now + 300 || exp <= now) {
      return 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe';
    }
    if (this.#publicKey === null) return null;
    const isSigned = verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      createPublicKey(this.#publicKey),
      Buffer.from(signature, 'base64url'),
    );
    return isSigned ? null : 'Invalid JWT Signature.';
  }
}

function refuse(error: string, description: string): Reply {
  return {
    kind: 'answer',
    status: 400,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error, error_description: description }),
  };
}

function partOf(text: string | undefined): Json {
  try {
    return JSON.parse(Buffer.from(text ?? '', 'base64url').toString('utf8')) as Json;
  } catch {
    return {};
  }
}
