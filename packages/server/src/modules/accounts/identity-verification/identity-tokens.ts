import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import type { IdentityToken, TokenFault } from '../../../platform/http/route.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import type { AppPolicies } from '../app-policies.ts';
import { identityKeysOf } from './identity-key-store.ts';
import { keyObjectOf } from './public-key.ts';
import { VerifiedTokens } from './verified-tokens.ts';
import { verifyToken } from './verify-token.ts';
import type { VerificationKey } from './verify-token.ts';

/** How long another process's change of a key goes unseen when its hint was lost, at each of two places. */
const LIFE_MS = 10_000;
const MOST_APPS = 10_000;
const MOST_TOKENS = 20_000;

/** What an app makes of the JWT in a request. */
export type TokenJudgement =
  /** The app does not verify identities: clients may send tokens all the same. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'good'; readonly token: IdentityToken }
  | { readonly kind: 'bad'; readonly fault: TokenFault };

export interface IdentityTokensOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Pick<Hints, 'on'>;
  readonly policies: Pick<AppPolicies, 'requiresTokens'>;
}

/** Judges the identity tokens of devices. */
export class IdentityTokens {
  readonly #clock: Clock;
  readonly #policies: Pick<AppPolicies, 'requiresTokens'>;
  readonly #keys: ShortMemory<readonly VerificationKey[]>;
  readonly #verified = new VerifiedTokens(MOST_TOKENS);

  constructor({ database, clock, hints, policies }: IdentityTokensOptions) {
    this.#clock = clock;
    this.#policies = policies;
    this.#keys = new ShortMemory(clock, { lifeMs: LIFE_MS, most: MOST_APPS }, async (appId) =>
      (await identityKeysOf(database, appId)).map(({ kid, public_key: jwk }) => ({
        kid,
        publicKey: keyObjectOf(jwk),
      })),
    );
    hints.on('apps', () => {
      this.#keys.clear();
      this.#verified.clear();
    });
  }

  async judge(appId: string, jwt: string): Promise<TokenJudgement> {
    if (!(await this.#policies.requiresTokens(appId))) return { kind: 'ignored' };
    const now = this.#clock.now();
    const known = this.#verified.find(appId, jwt, now);
    if (known !== null) return { kind: 'good', token: known };
    const keep = this.#verified.begin(appId, jwt);
    const keys = (await this.#keys.get(appId)) ?? [];
    const verified = await verifyToken(jwt, { appId, keys, now });
    if (!verified.ok) return { kind: 'bad', fault: verified.fault };
    keep(verified.token, Math.min(verified.expiresAt, now + LIFE_MS));
    return { kind: 'good', token: verified.token };
  }
}
