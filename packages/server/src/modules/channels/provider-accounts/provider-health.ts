import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Logger } from '../../../platform/log.ts';
import { makeStorable } from '../../../platform/http/storable-text.ts';
import { findPauses, putPause, removePause } from './provider-pause-store.ts';
import type { ProviderPause, ProviderPlace } from './provider-pause-store.ts';

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
  note(place: ProviderPlace, pause: ProviderPause | null): void {
    const { database, clock, log } = this.#options;
    // Told before: what was to try the provider found nobody to send to.
    if (pause !== null && pause.until <= clock.now()) return;
    if (pause === null) log.info(place, 'a provider works again');
    else log.warn({ ...place, ...pause }, 'a provider is down: nothing is handed to it for a while');
    this.#writing = this.#writing
      .then(() =>
        pause === null
          ? removePause(database, place)
          : putPause(database, place, { ...pause, reason: makeStorable(pause.reason) }),
      )
      .catch((error: unknown) => log.warn({ error }, 'the state of a provider was not written down'));
  }

  /** Of the providers of an app and channel: a name without a status is of one that works. */
  async statusesOf(appId: string, channel: string): Promise<ReadonlyMap<string, ProviderStatus>> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const pauses = await findPauses(database, appId, channel, now - FORGOTTEN_MS);
    return new Map([...pauses].map(([name, pause]) => [name, statusIn(pause, now)]));
  }

  /** Resolves when everything is written down. */
  settled(): Promise<void> {
    return this.#writing;
  }
}

function statusIn({ since, until, reason }: ProviderPause, now: number): ProviderStatus {
  return until > now
    ? { state: 'paused', since, nextTryAt: until, reason }
    : { state: 'trying', since, reason };
}
