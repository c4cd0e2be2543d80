import type { Clock } from '../../../../platform/clock.ts';
import type { Addressee, Envelope } from '../../channel.ts';
import type { RenderedPush } from '../rendered-push.ts';
import { encryptMessage } from './encrypt-message.ts';
import { topicOf } from './push-topic.ts';
import type { Place, StandIn } from './stand-in.ts';
import { readSubscriberKeys } from './subscriber-keys.ts';
import { Unsendable } from './unsendable.ts';
import type { VapidTokens } from './vapid-tokens.ts';
import type { WebPushSettings } from './web-push-settings.ts';
import { writePayload } from './write-payload.ts';

/** A `POST` to a push service. */
export interface PushRequest {
  /** `https://push.example`, with the port where it is not the usual one. */
  readonly origin: string;
  /** With the query, where there is one. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const LONGEST_TTL_S = 28 * 24 * 3_600;

/** The path of Mozilla's push service, by which a browser's endpoint tells that it is Firefox. */
const FIREFOX = /^\/wpush\//;

/** Turns rendered messages into requests of RFC 8030, encrypted and signed. */
export class PushComposer {
  readonly #clock: Clock;
  readonly #tokens: VapidTokens;
  readonly #standIn: StandIn;

  /** @param standIn takes what goes by the settings of the sandbox */
  constructor(clock: Clock, tokens: VapidTokens, standIn: StandIn = () => null) {
    this.#clock = clock;
    this.#tokens = tokens;
    this.#standIn = standIn;
  }

  /** Throws Unsendable. */
  compose(settings: WebPushSettings, { messageId, recipient, content }: Envelope<RenderedPush>): PushRequest {
    const named = readEndpoint(recipient.token);
    const isFirefox = FIREFOX.test(named.pathname);
    const { endpoint, keys } = this.#placeOf(settings, recipient);
    const { origin, pathname, search } = endpoint === recipient.token ? named : new URL(endpoint);
    const body = encryptMessage(writePayload(messageId, content, isFirefox), keys);
    const { priority, web_push_topic: topic } = content.fields;
    return {
      origin,
      path: pathname + search,
      headers: {
        authorization: this.#tokens.authorization(settings, origin),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        'content-length': String(body.length),
        ttl: String(this.#secondsTo(content.expiresAt)),
        urgency: priority === 5 ? 'normal' : 'high',
        ...(topic !== undefined && { topic: topicOf(topic) }),
      },
      body,
    };
  }

  /** A stand-in is asked last: what its browser could not read, it does not get either. */
  #placeOf({ address }: WebPushSettings, { token, device }: Addressee): Place {
    const own = { endpoint: token, keys: readSubscriberKeys(device) };
    return address === undefined ? own : (this.#standIn(token) ?? own);
  }

  /** 0: now or never. */
  #secondsTo(expiresAt: number): number {
    const seconds = Math.ceil((expiresAt - this.#clock.now()) / 1_000);
    return Math.min(LONGEST_TTL_S, Math.max(0, seconds));
  }
}

function readEndpoint(token: string): URL {
  const url = URL.canParse(token) ? new URL(token) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new Unsendable('the token of the subscription is not the address of a push service');
  }
  return url;
}
