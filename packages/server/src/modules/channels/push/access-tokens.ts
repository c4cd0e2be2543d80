import type { Clock } from '../../../platform/clock.ts';
import type { Outcome } from '../channel.ts';

/** What a provider says when it is asked for an access token. */
export type Grant =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number }
  /** What becomes of a message meanwhile. */
  | { readonly ok: false; readonly outcome: Outcome };

/** So long before its end a token is renewed, or after half its life where that is shorter. */
const MARGIN_MS = 300_000;

/** The access tokens of one account: asked for when they are needed, and shown until shortly before their end. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #ask: () => Promise<Grant>;
  #grant: Promise<Grant> | null = null;
  #until = Number.POSITIVE_INFINITY;

  /** @param ask never rejects */
  constructor(clock: Clock, ask: () => Promise<Grant>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * Sends with a token, and once more with another one where the answer is about the access. Never rejects where
   * `send` does not. All who ask while a token is on its way get that one.
   */
  async use<Verdict extends { readonly about: string }>(
    send: (token: string) => Promise<Verdict>,
  ): Promise<Verdict | { readonly about: 'settings'; readonly outcome: Outcome }> {
    for (let isFirst = true; ; isFirst = false) {
      const grant = await this.#current();
      if (!grant.ok) return { about: 'settings', outcome: grant.outcome };
      const verdict = await send(grant.token);
      if (verdict.about !== 'access') return verdict;
      await this.#forget(grant.token);
      if (!isFirst) return verdict;
    }
  }

  #current(): Promise<Grant> {
    if (this.#clock.now() >= this.#until) this.#grant = null;
    return (this.#grant ??= this.#renew());
  }

  async #renew(): Promise<Grant> {
    this.#until = Number.POSITIVE_INFINITY;
    const grant = await this.#ask();
    if (grant.ok) this.#until = this.#clock.now() + Math.max(grant.lifeMs - MARGIN_MS, grant.lifeMs / 2);
    // The next one asks again.
    else this.#grant = null;
    return grant;
  }

  /** The provider does not take it any more. */
  async #forget(token: string): Promise<void> {
    const known = this.#grant;
    const grant = await known;
    if (grant?.ok === true && grant.token === token && this.#grant === known) this.#grant = null;
  }
}
