import { createPrivateKey, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../../platform/clock.ts';
import type { Http2Answer, Http2Client } from '../../../../platform/outbound/index.ts';
import type { Outcome } from '../../channel.ts';
import { readRetryAfter } from '../../retry-after.ts';
import type { Grant } from '../access-tokens.ts';
import { outcomeOfFault } from '../fault-outcome.ts';
import { readTokenAnswer } from '../read-token-answer.ts';
import type { FcmSettings } from './fcm-account.ts';

const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASSERTION_LIFE_S = 3_600;
const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 16_384;

/** A service account as Google's token endpoint knows it (OAuth 2.0 for server to server, RFC 7523). */
export class ServiceAccount {
  readonly #clock: Clock;
  readonly #client: Http2Client;
  readonly #settings: FcmSettings;
  readonly #key: KeyObject;

  constructor(clock: Clock, client: Http2Client, settings: FcmSettings) {
    this.#clock = clock;
    this.#client = client;
    this.#settings = settings;
    this.#key = createPrivateKey(settings.privateKey);
  }

  /** Asks for an access token. Never rejects. */
  async ask(): Promise<Grant> {
    const { origin, pathname, search } = new URL(this.#settings.tokenUri);
    try {
      const answer = await this.#client.request({
        method: 'POST',
        origin,
        path: pathname + search,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: GRANT, assertion: this.#assertion() }).toString(),
        timeoutMs: TIMEOUT_MS,
        mostBytes: LARGEST_ANSWER,
      });
      const { granted, code } = readTokenAnswer(answer);
      return granted === null
        ? { ok: false, outcome: this.#refusalOf(answer, code) }
        : { ok: true, ...granted };
    } catch (error) {
      return { ok: false, outcome: outcomeOfFault(error, 'the access token of Google') };
    }
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
  #refusalOf({ status, headers }: Http2Answer, code: string | null): Outcome {
    const words = code === null ? String(status) : `${status} ${code}`;
    const reason = `${words} (Google gives the service account no access token: is its key still valid, and the clock of this machine right?)`;
    return { state: 'retry', reason, afterMs: readRetryAfter(headers['retry-after'], this.#clock.now()) };
  }
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
