import { randomBytes } from 'node:crypto';
import type { Reply } from './http2-receiver.ts';

export interface SecretTokensOptions {
  /** The secret of a client, or null where there is no such one. Absent: any client has any secret. */
  readonly secretOf?: (clientId: string) => string | null;
  /** What must be asked for; absent: nothing. */
  readonly scope?: string;
  /** How the endpoint says no. */
  readonly refuse: (why: 'grant' | 'scope' | 'client') => Reply;
}

const LIFE_S = 3_600;

/** A token endpoint for clients with a secret (RFC 6749, section 4.4): gives out access tokens, and knows them again. */
export class SecretTokens {
  readonly #options: SecretTokensOptions;
  readonly #given = new Map<string, { readonly clientId: string; readonly until: number }>();

  constructor(options: SecretTokensOptions) {
    this.#options = options;
  }

  /** @param now milliseconds since the epoch */
  give(form: Buffer, now: number): Reply {
    const { secretOf, scope, refuse } = this.#options;
    const asked = new URLSearchParams(form.toString('utf8'));
    if (asked.get('grant_type') !== 'client_credentials') return refuse('grant');
    if (scope !== undefined && asked.get('scope') !== scope) return refuse('scope');
    const clientId = asked.get('client_id') ?? '';
    const secret = asked.get('client_secret') ?? '';
    const isKnown = secretOf === undefined ? secret !== '' : secretOf(clientId) === secret;
    if (clientId === '' || !isKnown) return refuse('client');
    const token = randomBytes(48).toString('base64url');
    this.#given.set(token, { clientId, until: now + LIFE_S * 1_000 });
    return {
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify({
        access_token: token,
        expires_in: LIFE_S,
        ...(scope !== undefined && { scope }),
        token_type: 'Bearer',
      }),
    };
  }

  /** Whose token it is, or null when it is not valid (any more). */
  clientOf(authorization: string | undefined, now: number): string | null {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const given = this.#given.get(token);
    return given !== undefined && given.until > now ? given.clientId : null;
  }

  /** All that were given out end now. */
  endAll(): void {
    this.#given.clear();
  }
}
