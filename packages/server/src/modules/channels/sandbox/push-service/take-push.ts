import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../../platform/clock.ts';
import { newId } from '../../../../platform/ids.ts';
import type { Browsers } from './browsers.ts';
import { endpointPath } from './endpoint-path.ts';
import { checkVapid } from './check-vapid.ts';
import { decryptMessage } from './decrypt-message.ts';
import type { ReaderKeys } from './decrypt-message.ts';
import { FaultPlayer } from './play-fault.ts';
import { PushRefusal } from './push-refusal.ts';
import type { PushSubscriptions } from './push-subscription.ts';
import { readPushRequest } from './read-push-request.ts';
import type { PushMessage } from './read-push-request.ts';
import { readEndpointName } from './scripted-push-fault.ts';

/** A message for a subscription that the sandbox holds, as its browser would read it. */
export interface ArrivedPush extends Omit<PushMessage, 'body'> {
  /** The push service's name for it: the end of `Location`. */
  readonly id: string;
  /** The last part of the subscription's endpoint. */
  readonly token: string;
  /** The subscription's endpoint; of a stand-in, that of the browser. */
  readonly endpoint: string;
  /** Decrypted. */
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface PushTakerOptions {
  readonly clock: Clock;
  readonly subscriptions: PushSubscriptions;
  readonly browsers: Browsers;
  readonly take: (push: ArrivedPush) => Promise<void>;
  /** Whether a subscription, by its endpoint, has ended. Absent: none has. */
  readonly isGone?: (endpoint: string) => Promise<boolean>;
}

/** A `POST` to an endpoint. */
export interface PostedPush {
  /** The last part of the endpoint. */
  readonly name: string;
  /** Of the push service, as the request was addressed. */
  readonly origin: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What became of it. */
export interface TakenPush {
  readonly id: string;
  /** Its connection is to take no more. */
  readonly leaves: boolean;
}

/** Takes messages in and passes them on to who holds the subscription. */
export class PushTaker {
  readonly #options: PushTakerOptions;
  readonly #faults: FaultPlayer;

  constructor(options: PushTakerOptions) {
    this.#options = options;
    this.#faults = new FaultPlayer(options.clock);
  }

  /** Throws PushRefusal, Cut or Garbled. */
  async take({ name, origin, headers, body }: PostedPush): Promise<TakenPush> {
    const { clock, subscriptions, browsers, isGone } = this.#options;
    const { fault, token } = readEndpointName(name);
    await this.#faults.before(fault, name);
    const subscription = subscriptions.open(token);
    if (subscription === null) throw new PushRefusal(410, 'no browser has this subscription');
    const { holder, key } = subscription;
    if (holder.kind === 'browser' && browsers.hasEnded(holder.channelId)) {
      throw new PushRefusal(410, 'the browser has given this subscription up');
    }
    const endpoint = holder.kind === 'stand-in' ? holder.endpoint : origin + endpointPath(name);
    if ((await isGone?.(endpoint)) === true) throw new PushRefusal(410, 'the subscription was given up');
    const { body: sealed, ...message } = readPushRequest(headers, body);
    checkVapid(headers.authorization, { key, origin, now: clock.now() });
    const id = newId();
    if (holder.kind === 'browser') {
      browsers.deliver(holder.uaid, holder.channelId, id, { ...message, body: sealed });
    } else {
      const payload = open(sealed, subscriptions.keysOf(holder));
      await this.#options.take({ ...message, id, token: name, endpoint, payload, at: clock.now() });
    }
    this.#faults.after(fault);
    return { id, leaves: fault === 'leave' };
  }
}

/** A real push service cannot know; here it is the developer's only chance to hear of it. */
function open(body: Buffer, keys: ReaderKeys): string {
  try {
    return body.length === 0 ? '' : decryptMessage(body, keys).toString('utf8');
  } catch (error) {
    throw new PushRefusal(400, `the browser could not read this message: ${(error as Error).message}`);
  }
}
