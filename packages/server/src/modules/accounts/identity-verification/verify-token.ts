import type { KeyObject } from 'node:crypto';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import type { IdentityToken, TokenFault } from '../../../platform/http/route.ts';
import { readClaims } from './claims.ts';

/** Clocks of backends differ by so much, in seconds. */
export const LEEWAY_S = 30;

/** The one algorithm: a token that names another one is refused, whatever its signature. */
const ALGORITHM = 'ES256';

export interface VerificationKey {
  readonly kid: string;
  readonly publicKey: KeyObject;
}

interface Refused {
  readonly ok: false;
  readonly fault: TokenFault;
}

type Signed = { readonly ok: true; readonly payload: JWTPayload } | Refused;

export type Verified =
  | { readonly ok: true; readonly token: IdentityToken; readonly expiresAt: number }
  | Refused;

/**
 * Checks an identity token of an app: signature by one of its keys, issuer, times, claims. `now` and
 * `expiresAt` are milliseconds since the epoch; until then the answer for the same keys is the same.
 */
export async function verifyToken(
  jwt: string,
  { appId, keys, now }: { appId: string; keys: readonly VerificationKey[]; now: number },
): Promise<Verified> {
  const header = readHeader(jwt);
  if (header === null) return refused('malformed', 'the token is not a signed JWT');
  if (header.alg !== ALGORITHM) {
    return refused(
      'wrong algorithm',
      `the token must be signed with ${ALGORITHM}, not ${JSON.stringify(header.alg)}`,
    );
  }
  const candidates = header.kid === undefined ? keys : keys.filter(({ kid }) => kid === header.kid);
  if (candidates.length === 0) {
    return refused(
      'unknown key',
      header.kid === undefined
        ? 'the app has no identity key'
        : `the app has no identity key with the kid ${JSON.stringify(header.kid)}`,
    );
  }
  const signed = await verifySignature(jwt, candidates, now);
  return signed.ok ? judge(signed.payload, appId) : signed;
}

function readHeader(jwt: string): { alg?: unknown; kid?: unknown } | null {
  try {
    return decodeProtectedHeader(jwt);
  } catch {
    return null;
  }
}

/** Signature and times. A token without a kid may be of any of the keys. */
async function verifySignature(jwt: string, keys: readonly VerificationKey[], now: number): Promise<Signed> {
  for (const { publicKey } of keys) {
    try {
      const { payload } = await jwtVerify(jwt, publicKey, {
        algorithms: [ALGORITHM],
        requiredClaims: ['exp'],
        clockTolerance: LEEWAY_S,
        currentDate: new Date(now),
      });
      return { ok: true, payload };
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      return { ok: false, fault: faultOf(error) };
    }
  }
  return refused('wrong signature', 'no identity key of the app has signed the token');
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) {
    return { reason: 'expired', detail: `exp was ${timeOf(error.payload.exp)}: sign a new token` };
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason, payload } = error;
    if (claim === 'nbf' && reason === 'check_failed') {
      return { reason: 'not yet valid', detail: `nbf is ${timeOf(payload.nbf)}` };
    }
    return { reason: 'wrong claim', detail: `${claim} must be a time in seconds since 1970` };
  }
  if (error instanceof errors.JOSEError) {
    return { reason: 'malformed', detail: `the token is not a signed JWT: ${error.message}` };
  }
  throw error;
}

function judge(payload: JWTPayload, appId: string): Verified {
  const { iss, exp = 0 } = payload;
  if (typeof iss !== 'string' || iss.toLowerCase() !== appId) {
    return refused('wrong issuer', `iss must be the app's id, ${appId}`);
  }
  const claims = readClaims(payload);
  if (!claims.ok) return refused('wrong claim', claims.detail);
  return { ok: true, token: claims.token, expiresAt: (exp + LEEWAY_S) * 1_000 };
}

function refused(reason: TokenFault['reason'], detail: string): Refused {
  return { ok: false, fault: { reason, detail } };
}

function timeOf(seconds: number | undefined): string {
  const time = new Date((seconds ?? 0) * 1_000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString();
}
