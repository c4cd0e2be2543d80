import type { Clock } from '../../../platform/clock.ts';
import type { Outbound, OutboundAnswer } from '../../../platform/outbound/index.ts';
import { Slots } from '../../../platform/slots.ts';
import type { Outcome } from '../channel.ts';
import { AccessTokens } from './access-tokens.ts';
import { askWithSecret } from './ask-with-secret.ts';
import type { SecretGrant } from './ask-with-secret.ts';
import { outcomeOfFault } from './fault-outcome.ts';

/** Requests of one account at a time: as many as one host gets connections. */
const AT_ONCE = 32;
const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 131_072;

export interface Posted {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type Later = { readonly about: 'later' | 'settings'; readonly outcome: Outcome };

/** A push service that takes JSON over HTTP/1.1 with an access token, as one account uses it. */
export class HttpsService {
  /** A message is made when it can leave: one that waits costs nothing. */
  readonly turns = new Slots(AT_ONCE);
  readonly mostAtOnce = AT_ONCE;
  readonly #clock: Clock;
  readonly #outbound: Outbound;
  readonly #provider: string;
  readonly #tokens: AccessTokens;

  constructor(clock: Clock, outbound: Outbound, grant: SecretGrant) {
    this.#clock = clock;
    this.#outbound = outbound;
    this.#provider = grant.provider;
    this.#tokens = new AccessTokens(clock, () => askWithSecret(grant, outbound, clock));
  }

  get isIdle(): boolean {
    return this.turns.isIdle;
  }

  /** Never rejects. An access token that is not taken is replaced once. `read` says what an answer means. */
  post<Verdict extends { readonly about: string }>(
    { url, headers, body }: Posted,
    read: (answer: OutboundAnswer, now: number) => Verdict,
  ): Promise<Verdict | Later> {
    return this.#tokens.use<Verdict | Later>(async (token) => {
      try {
        const answer = await this.#outbound.request({
          method: 'POST',
          url,
          headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
          timeoutMs: TIMEOUT_MS,
          mostBytes: LARGEST_ANSWER,
        });
        return read(answer, this.#clock.now());
      } catch (error) {
        return { about: 'later', outcome: outcomeOfFault(error, this.#provider) };
      }
    });
  }

  /** The channel closes the connections: they are nobody's in particular. */
  async close(): Promise<void> {}
}
