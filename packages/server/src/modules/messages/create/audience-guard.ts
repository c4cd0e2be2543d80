import type { AudienceGuardRule, Channel } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import { Coalescer } from '../../../platform/database/coalescer.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import type { Audience } from '../../audience/index.ts';
import { giveAudienceBack, useAudience } from './audience-use-store.ts';
import type { AudienceUse, JudgedUse } from './audience-use-store.ts';

export interface AudienceGuardOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** What an app has set, or null. */
  readonly ruleOf: (appId: string) => Promise<AudienceGuardRule | null>;
  /** Subscriptions of an app that can be sent to. */
  readonly countSubscribed: (appId: string) => Promise<number>;
  /** Of them, those of a channel that are in an audience. */
  readonly countAudience: (appId: string, channel: Channel, audience: Audience) => Promise<number>;
}

export interface GuardedMessage {
  readonly appId: string;
  /** When it is due, in milliseconds. */
  readonly at: number;
  readonly channel: Channel;
  /** Null for everyone. */
  readonly audience: Audience | null;
  /** Null when nobody has counted them: the audience is counted then, or all who are subscribed. */
  readonly recipients: number | null;
  /** So many recipients the caller says are meant. */
  readonly confirmed: number | null;
}

/** Counting walks an index, a tenth of a second for a million: not for every message. */
const COUNTED = { lifeMs: 60_000, most: 1_000 };
const IN_A_STATEMENT = 500;

/**
 * Refuses a message that would make an app send to more people within minutes than `times` its subscribed
 * subscriptions: a loop that has run wild, or a test that goes to everyone. Apps choose it in their policy.
 */
export class AudienceGuard {
  readonly #options: AudienceGuardOptions;
  readonly #subscribed: ShortMemory<number>;
  readonly #use: Coalescer<AudienceUse, JudgedUse>;

  constructor(options: AudienceGuardOptions) {
    const { database, clock, countSubscribed } = options;
    this.#options = options;
    this.#subscribed = new ShortMemory(clock, COUNTED, countSubscribed);
    this.#use = new Coalescer({
      // One after the other: each batch sees what the one before it has used.
      inFlight: 1,
      largest: IN_A_STATEMENT,
      flush: (uses) => useAudience(database, uses),
    });
  }

  async guards(appId: string): Promise<boolean> {
    return (await this.#options.ruleOf(appId)) !== null;
  }

  /**
   * Counts a message of a guarded app. Returns how to take that back for one that is not made after all.
   * Throws `message-audience-guard`.
   */
  async admit({
    appId,
    at,
    channel,
    audience,
    recipients: known,
    confirmed,
  }: GuardedMessage): Promise<() => Promise<void>> {
    const rule = await this.#options.ruleOf(appId);
    if (rule === null) return async () => undefined;
    const subscribed = (await this.#subscribed.get(appId)) ?? 0;
    const recipients =
      known ?? (audience === null ? subscribed : await this.#options.countAudience(appId, channel, audience));
    const { times, within_minutes: minutes } = rule;
    const isConfirmed = confirmed !== null && confirmed >= recipients;
    const most = isConfirmed ? null : Math.floor(times * subscribed);
    const use = { appId, at, recipients, most, minutes };
    const { used, admitted } = await this.#use.submit(use);
    if (admitted) return () => giveAudienceBack(this.#options.database, use);
    throw new ApiError('message-audience-guard', {
      params: { recipients, used, minutes, most: most ?? recipients, times, subscribed },
    });
  }
}
