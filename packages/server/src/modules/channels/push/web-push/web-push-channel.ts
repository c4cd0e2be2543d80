import type { Clock } from '../../../../platform/clock.ts';
import type { Channel, Envelope, Outcome, ProviderAccount } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { PushComposer } from './compose-request.ts';
import type { PushRequest } from './compose-request.ts';
import { Pace } from './pace.ts';
import { isSilence, outcomeOfFault, PushPoster } from './post-push.ts';
import type { PushPosterOptions } from './post-push.ts';
import { isKeyRefused, outcomeOfAnswer } from './read-push-answer.ts';
import type { PushAnswer } from './read-push-answer.ts';
import { RestingOrigins } from './resting-origins.ts';
import type { StandIn } from './stand-in.ts';
import { Unsendable } from './unsendable.ts';
import { VapidTokens } from './vapid-tokens.ts';
import type { WebPushSettings } from './web-push-settings.ts';

export interface WebPushChannelOptions extends PushPosterOptions {
  /** Takes what goes by the settings of the sandbox. Absent: all of it goes to its browser. */
  readonly standIn?: StandIn;
}

/** While one part is on its way, the next one is recorded and rendered, and the last one closed. */
const PARTS = 5;

type Push = Envelope<RenderedPush>;

/**
 * Web push: each message is encrypted for its browser and posted to the push service that the browser has named.
 * The message's id in the payload and the endpoint tell a repeated hand-over: web push has no key of its own
 * for that.
 */
export class WebPushChannel implements Channel<RenderedPush, WebPushSettings> {
  readonly name = 'web_push';
  readonly #clock: Clock;
  readonly #poster: PushPoster;
  readonly #tokens: VapidTokens;
  readonly #composer: PushComposer;
  readonly #resting: RestingOrigins;

  constructor(options: WebPushChannelOptions) {
    this.#clock = options.clock;
    this.#poster = new PushPoster(options);
    this.#tokens = new VapidTokens(options.clock);
    this.#composer = new PushComposer(options.clock, this.#tokens, options.standIn);
    this.#resting = new RestingOrigins(options.clock);
  }

  capacity(): number {
    return this.#poster.mostAtOnce * PARTS;
  }

  async deliver({ settings }: ProviderAccount<WebPushSettings>, page: readonly Push[]): Promise<Outcome[]> {
    const outcomes = Array.from<Outcome>({ length: page.length });
    const left = page.entries();
    const pace = new Pace();
    const sendLeft = async () => {
      for (const [index, envelope] of left) {
        await pace.turn();
        outcomes[index] = await this.#send(settings, envelope);
      }
    };
    const atOnce = Math.min(page.length, this.#poster.mostAtOnce);
    await Promise.all(Array.from({ length: atOnce }, sendLeft));
    return outcomes;
  }

  async close(): Promise<void> {
    await this.#poster.close();
  }

  async #send(settings: WebPushSettings, envelope: Push): Promise<Outcome> {
    let request: PushRequest;
    try {
      request = this.#composer.compose(settings, envelope);
    } catch (error) {
      if (error instanceof Unsendable) return { state: 'failed', reason: error.message };
      throw error;
    }
    const { origin } = request;
    if (!this.#resting.mayAsk(origin)) return RESTING;
    try {
      const answer = await this.#poster.post(request);
      this.#resting.answered(origin);
      return this.#judge(settings, origin, answer);
    } catch (error) {
      if (isSilence(error)) this.#resting.silent(origin);
      return outcomeOfFault(error);
    }
  }

  #judge(settings: WebPushSettings, origin: string, answer: PushAnswer): Outcome {
    const now = this.#clock.now();
    if (isKeyRefused(answer.status) && this.#tokens.noteRefused(settings, origin)) {
      return outcomeOfAnswer(answer, now, 'subscription');
    }
    const outcome = outcomeOfAnswer(answer, now);
    if (outcome.state === 'sent') this.#tokens.noteTaken(settings, origin);
    return outcome;
  }
}

const RESTING: Outcome = {
  state: 'retry',
  reason: 'the push service has not answered for a while: it is asked a little at a time',
  afterMs: null,
};
