import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import type { Http2Answer, Http2Client } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { outcomeOfFault } from '../fault-outcome.ts';
import { readRetryAfter } from '../../retry-after.ts';
import type { FcmSettings } from './fcm-account.ts';

export type Access =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly outcome: Outcome };

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_LIFE_S = 3_600;
const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 16_384;

/** So long before its end a token is renewed, or after half its life where that is shorter. */
const MARGIN_MS = 300_000;

/** The access tokens of one service account (OAuth 2.0 for server to server, RFC 7523): asked for when needed. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #client: Http2Client;
  readonly #settings: FcmSettings;
  readonly #key: KeyObject;
  #access: Promise<Access> | null = null;
  #until = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, client: Http2Client, settings: FcmSettings) {
    this.#clock = clock;
    this.#client = client;
    this.#settings = settings;
    this.#key = createPrivateKey(settings.privateKey);
  }

  /** Never rejects. All who ask while a token is on its way get that one. */
  get(): Promise<Access> {
    if (this.#clock.now() >= this.#until) this.#access = null;
    return (this.#access ??= this.#ask());
  }

  /** Google does not take it any more. */
  async forget(token: string): Promise<void> {
    const known = this.#access;
    const access = await known;
    if (access?.ok === true && access.token === token && this.#access === known) this.#access = null;
  }

  async #ask(): Promise<Access> {
    this.#until = Number.POSITIVE_INFINITY;
    const access = await this.#request().catch((error: unknown): Access => ({
      ok: false,
      outcome: outcomeOfFault(error, 'the access token of Google'),
    }));
    // The next one asks again.
    if (!access.ok) this.#access = null;
    return access;
  }

  async #request(): Promise<Access> {
    const { origin, pathname, search } = new URL(this.#settings.tokenUri);
    const answer = await this.#client.request({
      method: 'POST',
      origin,
      path: pathname + search,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: GRANT, assertion: this.#assertion() }).toString(),
      timeoutMs: TIMEOUT_MS,
      mostBytes: LARGEST_ANSWER,
    });
    const { access_token: token, expires_in: seconds, error } = readJson(answer.body);
    if (answer.status !== 200 || typeof token !== 'string' || typeof seconds !== 'number') {
      return { ok: false, outcome: this.#refusalOf(answer, error) };
    }
    const lifeMs = seconds * 1_000;
    this.#until = this.#clock.now() + Math.max(lifeMs - MARGIN_MS, lifeMs / 2);
    return { ok: true, token };
  }

  #assertion(): string {
    const { clientEmail, tokenUri, privateKeyId } = this.#settings;
    const now = Math.floor(this.#clock.now() / 1_000);
    const header = { alg: 'RS256', typ: 'JWT', ...(privateKeyId !== null && { kid: privateKeyId }) };
    const claims = { iss: clientEmail, scope: SCOPE, aud: tokenUri, iat: now, exp: now + ASSERTION_LIFE_S };
    const signed = `${part(header)}.${part(claims)}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), this.#key).toString('base64url')}`;
  }

  /** The operator can give the account another key, or set the clock right, while messages wait. */
  #refusalOf({ status, headers }: Http2Answer, error: unknown): Outcome {
    const code = typeof error === 'string' && /^\w{1,60}$/.test(error) ? ` ${error}` : '';
    const reason = `${status}${code} (Google gives the service account no access token: is its key still valid, and the clock of this machine right?)`;
    return { state: 'retry', reason, afterMs: readRetryAfter(headers['retry-after'], this.#clock.now()) };
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(body.toString('utf8')) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
