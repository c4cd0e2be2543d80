import type { Clock } from '../../../../platform/clock.ts';
import type { Http2Client } from '../../../../platform/outbound/index.ts';
import { Slots } from '../../../../platform/slots.ts';
import type { Outcome } from '../../channel.ts';
import { AccessTokens } from '../access-tokens.ts';
import { outcomeOfFault } from '../fault-outcome.ts';
import { openClient } from '../per-account.ts';
import type { PushChannelOptions } from '../per-account.ts';
import type { FcmSettings } from './fcm-account.ts';
import { readFcmAnswer } from './read-fcm-answer.ts';
import type { FcmVerdict } from './read-fcm-answer.ts';
import { ServiceAccount } from './service-account.ts';

const TIMEOUT_MS = 20_000;
const LARGEST_ANSWER = 65_536;
const ORIGIN = 'https://fcm.googleapis.com';

/** FCM as one account uses it. */
export class FcmService {
  /** A message is made when it can leave: one that waits costs nothing. */
  readonly turns: Slots;
  readonly #clock: Clock;
  readonly #client: Http2Client;
  readonly #tokens: AccessTokens;
  readonly #origin: string;
  readonly #path: string;
  #shownToken = '';
  #headers: Readonly<Record<string, string>> = {};

  constructor(options: PushChannelOptions, settings: FcmSettings) {
    const { address, projectId } = settings;
    this.#clock = options.clock;
    this.#client = openClient(options, address);
    this.turns = new Slots(this.mostAtOnce);
    const serviceAccount = new ServiceAccount(options.clock, this.#client, settings);
    this.#tokens = new AccessTokens(options.clock, () => serviceAccount.ask());
    this.#origin = address.kind === 'provider' ? ORIGIN : address.origin;
    this.#path = `/v1/projects/${encodeURIComponent(projectId)}/messages:send`;
  }

  get isIdle(): boolean {
    return this.#client.isIdle;
  }

  get mostAtOnce(): number {
    return this.#client.mostAtOnce;
  }

  /** Never rejects. An access token that Google does not take is replaced once. */
  send(body: string): Promise<Outcome> {
    return this.#tokens.use((token) => this.#post(token, body)).then(({ outcome }) => outcome);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** The same for as long as the token is: it is the larger part of a request. */
  #headersWith(token: string): Readonly<Record<string, string>> {
    if (token !== this.#shownToken) {
      this.#shownToken = token;
      this.#headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    }
    return this.#headers;
  }

  #post(token: string, body: string): Promise<FcmVerdict> {
    const asked = this.#client.request({
      method: 'POST',
      origin: this.#origin,
      path: this.#path,
      headers: this.#headersWith(token),
      body,
      timeoutMs: TIMEOUT_MS,
      mostBytes: LARGEST_ANSWER,
    });
    return asked.then(
      (answer) => readFcmAnswer(answer, this.#clock.now()),
      (error: unknown) => ({ about: 'later', outcome: outcomeOfFault(error, 'FCM') }),
    );
  }
}
