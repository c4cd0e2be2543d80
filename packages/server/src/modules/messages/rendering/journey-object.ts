/** An event that a run of a journey keeps for what it writes. */
export interface JourneyEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly timestamp: string;
}

/**
 * What templates have as `journey`, of a message that a step of one has made: its custom data carries name and events.
 * Undefined for other messages.
 */
export function journeyObject(customData: Readonly<Record<string, unknown>> | null) {
  const journey = customData?.['journey'];
  if (typeof journey !== 'object' || journey === null || !('events' in journey)) return undefined;
  const { events, ...named } = journey;
  return Array.isArray(events) ? { ...named, ...eventObjects(events as JourneyEvent[]) } : undefined;
}

/** `event` has the latest of each name. `data` is another name that some documentation has for `properties`. */
export function eventObjects(events: readonly JourneyEvent[]) {
  const all = events.map(({ name, properties, timestamp }) => ({
    name,
    properties,
    data: properties,
    timestamp,
  }));
  return {
    first_event: all[0] ?? {},
    last_event: all.at(-1) ?? {},
    event: Object.fromEntries(all.map((event) => [event.name, event])),
    all_events: all,
  };
}
