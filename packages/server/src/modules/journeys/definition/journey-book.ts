import type { Journey } from './definition.ts';
import type { JourneyStore } from './journey-store.ts';

/** The live journeys of all apps, in memory. */
export class JourneyBook {
  readonly #store: JourneyStore;
  #version = -1;
  #byId = new Map<string, Journey>();
  #byEvent = new Map<string, Journey[]>();
  #refreshing: Promise<void> | undefined;

  constructor(store: JourneyStore) {
    this.#store = store;
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
    const journeys = await this.#store.live();
    this.#byId = new Map(journeys.map((journey) => [journey.id, journey]));
    this.#byEvent = new Map();
    for (const journey of journeys) {
      const { audience } = journey.definition;
      if (audience.kind !== 'event_trigger' || journey.state !== 'active') continue;
      const name = eventName(journey.appId, audience.name);
      this.#byEvent.set(name, [...(this.#byEvent.get(name) ?? []), journey]);
    }
    this.#version = version;
  }

  /** Active journeys of the app that an event of this name may let users into. */
  startedBy(appId: string, event: string): readonly Journey[] {
    return this.#byEvent.get(eventName(appId, event)) ?? [];
  }

  /** The journey if people may be inside: processing, active or paused. */
  live(id: string): Journey | undefined {
    return this.#byId.get(id);
  }

  /** The journey if it is active. */
  active(id: string): Journey | undefined {
    const journey = this.#byId.get(id);
    return journey?.state === 'active' ? journey : undefined;
  }
}

function eventName(appId: string, event: string): string {
  return `${appId} ${event}`;
}
