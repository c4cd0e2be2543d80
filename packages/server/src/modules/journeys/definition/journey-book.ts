import type { Definition, Journey } from './definition.ts';
import type { JourneyStore } from './journey-store.ts';

/** A live journey, and what it is to people inside who came in before its settings were changed. */
export interface BookedJourney extends Journey {
  /** Ascending: the first whose `before` is above the version at which somebody came in; else `definition`. */
  readonly earlier: readonly EarlierDefinition[];
}

/** The nodes of now, with the settings of then. */
export interface EarlierDefinition {
  readonly before: number;
  readonly definition: Definition;
}

/** The live journeys of all apps, in memory: those that people may be inside of. */
export class JourneyBook {
  readonly #store: JourneyStore;
  #version = -1;
  #journeys: readonly BookedJourney[] = [];
  #refreshing: Promise<void> | undefined;

  constructor(store: JourneyStore) {
    this.#store = store;
  }

  /** Goes up with every change of a journey. */
  get version(): number {
    return this.#version;
  }

  /** Those that are processing, active or paused. The same array until something changes. */
  get journeys(): readonly BookedJourney[] {
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
    const live = await this.#store.live();
    const isKnown = ({ id, version }: Journey) => known.get(id)?.version === version;
    const earlier = await this.#store.earlierSettings(live.filter((journey) => !isKnown(journey)));
    this.#journeys = live.map((journey) => {
      const before = known.get(journey.id);
      // The very objects: what was made of a version is made once.
      if (before !== undefined && isKnown(journey)) {
        return { ...journey, definition: before.definition, earlier: before.earlier };
      }
      const ofJourney = (earlier.get(journey.id) ?? []).map(({ before, settings }) => ({
        before,
        definition: { ...journey.definition, ...settings },
      }));
      return { ...journey, earlier: ofJourney };
    });
    this.#version = version;
  }
}
