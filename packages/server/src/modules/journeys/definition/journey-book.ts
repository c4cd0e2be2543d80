import type { Journey } from './definition.ts';
import type { JourneyStore } from './journey-store.ts';

/** The live journeys of all apps, in memory: those that people may be inside of. */
export class JourneyBook {
  readonly #store: JourneyStore;
  #version = -1;
  #journeys: readonly Journey[] = [];
  #refreshing: Promise<void> | undefined;

  constructor(store: JourneyStore) {
    this.#store = store;
  }

  /** Goes up with every change of a journey. */
  get version(): number {
    return this.#version;
  }

  /** Those that are processing, active or paused. The same array until something changes. */
  get journeys(): readonly Journey[] {
    return this.#journeys;
  }

  /**
   * Brings the book up to date. Call it after reading what is to be matched: then a journey that went
   * live before an event was stored is here.
   */
  async refresh(): Promise<void> {
    const version = await this.#store.version();
    if (version === this.#version) return;
    this.#refreshing ??= this.#load().finally(() => (this.#refreshing = undefined));
    await this.#refreshing;
    // The load under way may have begun before the change that was just seen.
    if (this.#version < version) await this.refresh();
  }

  async #load(): Promise<void> {
    // The version first: what is loaded is at least that new.
    const version = await this.#store.version();
    const known = new Map(this.#journeys.map((journey) => [journey.id, journey]));
    this.#journeys = (await this.#store.live()).map((journey) => {
      const before = known.get(journey.id);
      // The very object: what was made of a version is made once.
      return before?.version === journey.version ? { ...journey, definition: before.definition } : journey;
    });
    this.#version = version;
  }
}
