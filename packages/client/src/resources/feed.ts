import { setTimeout as pause } from 'node:timers/promises';
import type { FeedPage, FeedTopicsAnswer, FeedTopicsBody } from '@carillon/wire';
import { CallFailed, mayRetry } from '../failure.ts';
import type { Answer, Failure } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

export interface FeedQuery {
  /** Where the last page ended; the beginning of the feed when absent. */
  readonly cursor?: string | undefined;
  /** Most events in a page. */
  readonly limit?: number;
  /** How long the server holds an empty answer back, in seconds. */
  readonly wait?: number;
  /** `message.email.opened`, or `message.email.*` for all that begin so; `message.*` when absent. */
  readonly kinds?: readonly string[] | undefined;
}

export interface FollowOptions {
  readonly cursor?: string | undefined;
  readonly limit?: number;
  readonly kinds?: readonly string[];
  /** Seconds of each long poll; 20 when absent. */
  readonly wait?: number;
  readonly signal?: AbortSignal;
  /** Told of each failed try that will be repeated. */
  readonly onTrouble?: (failure: Failure) => void;
}

const PATIENCE_MS = 15_000;

/** Routes of the event feed: what happened to messages, ordered for each user, to be read from a cursor. */
export class Feed {
  readonly #transport: Transport;
  readonly #path: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#path = `/apps/${segment(appId)}/feed`;
  }

  read({ cursor, limit, kinds, wait = 0 }: FeedQuery, signal?: AbortSignal): Promise<Answer<FeedPage>> {
    return this.#transport.send({
      method: 'GET',
      path: this.#path,
      query: { cursor, limit, wait, kinds: kinds?.join(',') },
      timeoutMs: wait * 1000 + PATIENCE_MS,
      repeatable: true,
      signal,
    });
  }

  /** What the feed tells beside messages. */
  topics(signal?: AbortSignal): Promise<Answer<FeedTopicsAnswer>> {
    return this.#transport.send({ method: 'GET', path: `${this.#path}/topics`, repeatable: true, signal });
  }

  /** In the place of what was set before: `custom_events`, `subscriptions`, `journeys`. */
  setTopics(topics: FeedTopicsBody['topics'], signal?: AbortSignal): Promise<Answer<FeedTopicsAnswer>> {
    const path = `${this.#path}/topics`;
    return this.#transport.send({ method: 'PUT', path, body: { topics }, repeatable: true, signal });
  }

  /**
   * Yields pages as they come, for ever: store `page.cursor` together with what you made of
   * `page.events`, and give it back to go on from there. Empty pages are not yielded. Outages are
   * waited out; a refusal that will not mend itself is thrown as `CallFailed`. Ends when `signal` does.
   */
  async *follow(options: FollowOptions = {}): AsyncGenerator<FeedPage, void, undefined> {
    const { limit = 1000, wait = 20, kinds, signal, onTrouble } = options;
    let { cursor } = options;
    let troubles = 0;
    for (;;) {
      const answer = await this.read({ cursor, limit, wait, kinds }, signal);
      if (answer.ok) {
        troubles = 0;
        cursor = answer.value.cursor;
        if (answer.value.events.length > 0) yield answer.value;
      } else if (answer.failure.kind === 'aborted') {
        return;
      } else if (mayRetry(answer.failure)) {
        onTrouble?.(answer.failure);
        await pause(Math.min(30_000, 250 * 2 ** troubles), undefined, { signal }).catch(() => undefined);
        troubles += 1;
      } else {
        throw new CallFailed(answer.failure);
      }
    }
  }
}
