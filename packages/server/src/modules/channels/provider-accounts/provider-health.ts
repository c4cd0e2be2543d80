import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Logger } from '../../../platform/log.ts';
import { makeStorable } from '../../../platform/http/storable-text.ts';
import { findPause, putPause, removePause } from './provider-pause-store.ts';
import type { ProviderPause } from './provider-pause-store.ts';

export type ProviderStatus =
  | { readonly state: 'working' }
  /** Nothing is handed to it until `nextTryAt`. */
  | { readonly state: 'paused'; readonly since: number; readonly nextTryAt: number; readonly reason: string }
  /** The next page, or one that is on its way, tries it. */
  | { readonly state: 'trying'; readonly since: number; readonly reason: string };

export interface ProviderHealthOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A pause that ended so long ago is no news: nothing has been sent since, or the process that paused is gone. */
const FORGOTTEN_MS = 10 * 60_000;

/** What sending processes have learnt of providers, for everyone who asks: it is written down at each turn. */
export class ProviderHealth {
  readonly #options: ProviderHealthOptions;
  /** One after the other: a pause must not be written after the end that followed it. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ProviderHealthOptions) {
    this.#options = options;
  }

  /** Says and writes down that an app's provider is paused, or works again (null). Never fails. */
  note(appId: string, channel: string, pause: ProviderPause | null): void {
    const { database, clock, log } = this.#options;
    // Told before: what was to try the provider found nobody to send to.
    if (pause !== null && pause.until <= clock.now()) return;
    if (pause === null) log.info({ appId, channel }, 'a provider works again');
    else log.warn({ appId, channel, ...pause }, 'a provider is down: nothing is handed to it for a while');
    this.#writing = this.#writing
      .then(() =>
        pause === null
          ? removePause(database, appId, channel)
          : putPause(database, appId, channel, { ...pause, reason: makeStorable(pause.reason) }),
      )
      .catch((error: unknown) => log.warn({ error }, 'the state of a provider was not written down'));
  }

  async statusOf(appId: string, channel: string): Promise<ProviderStatus> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const pause = await findPause(database, appId, channel, now - FORGOTTEN_MS);
    if (pause === null) return { state: 'working' };
    const { since, until, reason } = pause;
    if (until > now) return { state: 'paused', since, nextTryAt: until, reason };
    return { state: 'trying', since, reason };
  }

  /** Resolves when everything is written down. */
  settled(): Promise<void> {
    return this.#writing;
  }
}
