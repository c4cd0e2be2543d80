import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Hints } from '../../../platform/database/hints.ts';
import { makeStorable } from '../../../platform/http/storable-text.ts';
import type { Logger } from '../../../platform/log.ts';
import { Lookout } from '../../../platform/lookout.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { claimPosts, giveBackPosts, nextDueAt, settlePost } from './claim-store.ts';
import type { ClaimedPost, EndpointPlace } from './claim-store.ts';
import { deliverPost, POST_TIMEOUT_MS } from './deliver-post.ts';
import type { EndpointSettings } from './endpoint-settings.ts';
import { nextTry } from './retry-pause.ts';

export interface EndpointPosterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly hints: Hints;
  readonly log: Logger;
  readonly outbound: Outbound;
  /** What an endpoint is now; null when it was deleted. */
  readonly settingsOf: (place: EndpointPlace) => Promise<EndpointSettings | null>;
}

const LOOK_EVERY_MS = 10_000;
/** Endpoints that one process posts to at a time: a slow one holds up nobody else. */
const MOST_ENDPOINTS = 32;
const MOST_OF_EACH = 8;
/** All that was claimed of an endpoint is tried within it, however slow the other side. */
export const POST_LEASE_MS = MOST_OF_EACH * POST_TIMEOUT_MS + 60_000;

/**
 * Posts what was accepted for endpoints: to each one after the other, in the order in which it was accepted, and to
 * many endpoints at a time. Several processes share the work by leases: what one was trying when it was killed goes
 * again, and what several have of one endpoint comes in no order.
 */
export class EndpointPoster {
  readonly #options: EndpointPosterOptions;
  readonly #lookout: Lookout;
  /** By endpoint: what is being posted by this process. */
  readonly #underWay = new Map<string, { readonly place: EndpointPlace; readonly end: Promise<void> }>();
  /** Those that have asked to wait: who asks on is made to wait longer. */
  readonly #resting = new Map<string, { readonly place: EndpointPlace; readonly until: number }>();

  constructor(options: EndpointPosterOptions) {
    this.#options = options;
    this.#lookout = new Lookout({
      ...options,
      topic: 'endpoints',
      everyMs: LOOK_EVERY_MS,
      look: () => this.#claim(),
      onError: (error) => options.log.error({ error }, 'posts to endpoints could not be looked for'),
    });
  }

  start(): void {
    this.#lookout.start();
  }

  /** Finishes the posts under way; what was claimed besides is given back. */
  async stop(): Promise<void> {
    await this.#lookout.stop();
    await Promise.all([...this.#underWay.values()].map(({ end }) => end));
  }

  /** Begins with what is due now. */
  look(): void {
    this.#lookout.look();
  }

  async #claim(): Promise<number | null> {
    const { database, clock } = this.#options;
    const free = MOST_ENDPOINTS - this.#underWay.size;
    // The next one that ends looks again.
    if (this.#lookout.isStopping || free <= 0) return null;
    const now = clock.now();
    const claimed = await claimPosts(database, {
      now,
      leaseMs: POST_LEASE_MS,
      except: [...this.#underWay.values(), ...this.#restingAt(now)].map(({ place }) => place),
      mostEndpoints: free,
      mostOfEach: MOST_OF_EACH,
    });
    for (const key of new Set(claimed.map(keyOf))) {
      this.#begin(
        key,
        claimed.filter((post) => keyOf(post) === key),
      );
    }
    return nextDueAt(database, now);
  }

  #begin(key: string, posts: readonly ClaimedPost[]): void {
    const [first] = posts;
    if (first === undefined) return;
    const { appId, endpoint } = first;
    const end = this.#postAll({ appId, endpoint }, posts)
      .catch((error: unknown) => {
        // They are claimed again when the lease is over.
        this.#options.log.error({ error, appId, endpoint }, 'posts to an endpoint came to no end');
      })
      .finally(() => {
        this.#underWay.delete(key);
        this.look();
      });
    this.#underWay.set(key, { place: { appId, endpoint }, end });
  }

  async #postAll(place: EndpointPlace, posts: readonly ClaimedPost[]): Promise<void> {
    const { database, clock } = this.#options;
    const settings = await this.#options.settingsOf(place);
    for (const [index, post] of posts.entries()) {
      if (this.#lookout.isStopping) return giveBackPosts(database, posts.slice(index), clock.now());
      const resumeAt = await this.#post(settings, post);
      // What was accepted after it and claimed with it waits as long.
      if (resumeAt !== null) return giveBackPosts(database, posts.slice(index + 1), resumeAt);
    }
  }

  #restingAt(now: number): readonly { readonly place: EndpointPlace }[] {
    for (const [key, { until }] of this.#resting) if (until <= now) this.#resting.delete(key);
    return [...this.#resting.values()];
  }

  /** When the endpoint may be posted to again, in milliseconds; null for at once. */
  async #post(settings: EndpointSettings | null, claimed: ClaimedPost): Promise<number | null> {
    const { database, clock } = this.#options;
    const { id, endpoint, content, attempts } = claimed;
    const createdAt = claimed.createdAt.getTime();
    const outcome =
      settings === null
        ? ({ state: 'failed', reason: 'the endpoint was deleted' } as const)
        : await deliverPost(this.#options, settings, { id, endpoint, createdAt, content });
    const now = clock.now();
    if (outcome.state !== 'retry') {
      const reason = outcome.state === 'sent' ? null : makeStorable(outcome.reason);
      await settlePost(database, claimed, { state: outcome.state, reason, dueAt: now }, now);
      return null;
    }
    const reason = makeStorable(outcome.reason);
    const dueAt = nextTry({ createdAt, attempts: attempts + 1 }, outcome.afterMs, now);
    if (dueAt === null) {
      await settlePost(
        database,
        claimed,
        { state: 'failed', reason: `given up: ${reason}`, dueAt: now },
        now,
      );
      return null;
    }
    await settlePost(database, claimed, { state: 'waiting', reason, dueAt }, now);
    if (outcome.afterMs !== null) {
      const { appId } = claimed;
      this.#resting.set(keyOf(claimed), { place: { appId, endpoint }, until: dueAt });
    }
    return dueAt;
  }
}

function keyOf({ appId, endpoint }: EndpointPlace): string {
  return `${appId} ${endpoint}`;
}
