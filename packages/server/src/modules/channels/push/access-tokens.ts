import type { Clock } from '../../../platform/clock.ts';
import type { Outcome } from '../channel.ts';

/** What a provider says when it is asked for an access token. */
export type Grant =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number }
  /** What becomes of a message meanwhile. */
  | { readonly ok: false; readonly outcome: Outcome };

/** What an answer speaks of. */
interface About {
  readonly about: string;
}

type NoAccess = { readonly about: 'settings'; readonly outcome: Outcome };

/** So long before its end a token is renewed, or after half its life where that is shorter. */
const MARGIN_MS = 300_000;

/** The access tokens of one account: asked for when they are needed, and shown until shortly before their end. */
export class AccessTokens {
  readonly #clock: Clock;
  readonly #ask: () => Promise<Grant>;
  #asking: Promise<Grant> | null = null;
  #token: string | null = null;
  #until = Number.NEGATIVE_INFINITY;

  /** @param ask never rejects */
  constructor(clock: Clock, ask: () => Promise<Grant>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /**
   * Sends with a token, and once more with another one where the answer is about the access. Never rejects where
   * `send` does not. All who ask while a token is on its way get that one.
   */
  use<Verdict extends About>(send: (token: string) => Promise<Verdict>): Promise<Verdict | NoAccess> {
    const token = this.#clock.now() < this.#until ? this.#token : null;
    return token === null ? this.#sendWithNew(send, true) : this.#sendWith(token, send, true);
  }

  async #sendWithNew<Verdict extends About>(
    send: (token: string) => Promise<Verdict>,
    mayRepeat: boolean,
  ): Promise<Verdict | NoAccess> {
    const grant = await (this.#asking ??= this.#renew());
    return grant.ok
      ? this.#sendWith(grant.token, send, mayRepeat)
      : { about: 'settings', outcome: grant.outcome };
  }

  #sendWith<Verdict extends About>(
    token: string,
    send: (token: string) => Promise<Verdict>,
    mayRepeat: boolean,
  ): Promise<Verdict | NoAccess> {
    return send(token).then((verdict) => {
      if (verdict.about !== 'access') return verdict;
      // Whoever was told so later finds the next token, and keeps it.
      if (this.#token === token) this.#token = null;
      return mayRepeat ? this.#sendWithNext(send) : verdict;
    });
  }

  #sendWithNext<Verdict extends About>(
    send: (token: string) => Promise<Verdict>,
  ): Promise<Verdict | NoAccess> {
    return this.#token === null ? this.#sendWithNew(send, false) : this.#sendWith(this.#token, send, false);
  }

  async #renew(): Promise<Grant> {
    const grant = await this.#ask();
    this.#asking = null;
    if (grant.ok) {
      this.#token = grant.token;
      this.#until = this.#clock.now() + Math.max(grant.lifeMs - MARGIN_MS, grant.lifeMs / 2);
    }
    return grant;
  }
}
