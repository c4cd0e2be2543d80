import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedWebhook {
  /** The header Authorization. */
  readonly authorization: string | undefined;
  /** As it came. */
  readonly body: string;
  readonly applicationId: string;
}

/**
 * Whether whoever knows the account's signature secret has made this request, with this body, for this application
 * (developer.vonage.com, "Signed webhooks": a JSON Web Token with HMAC-SHA256). How old it is does not matter: what is
 * told again is known by its id.
 */
export function isSignedByVonage(
  secret: string,
  { authorization, body, applicationId }: SignedWebhook,
): boolean {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || partOf(head)['alg'] !== 'HS256') return false;
  const given = Buffer.from(signature, 'base64url');
  const expected = macOf(secret, `${head}.${payload}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  const { payload_hash: hash, application_id: application } = partOf(payload);
  // Accounts have several applications, and one secret.
  if (typeof application === 'string' && application.toLowerCase() !== applicationId) return false;
  return typeof hash === 'string' && hash.toLowerCase() === hashOf(body);
}

/** The header Authorization of a webhook with this body. */
export function signVonageWebhook(secret: string, body: string, claims: object): string {
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, payload_hash: hashOf(body) })}`;
  return `Bearer ${signed}.${macOf(secret, signed).toString('base64url')}`;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function macOf(secret: string, signed: string): Buffer {
  return createHmac('sha256', secret).update(signed).digest();
}

function hashOf(body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('hex');
}

function partOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
