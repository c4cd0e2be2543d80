import type { KeptEvent } from './run.ts';

const MOST_PROPERTIES = 100;

/**
 * The events of a run with one more. Together they keep at most 100 properties: the oldest go first, but
 * those of the event that let the user in last of all, because waits are matched with it.
 */
export function keepEvent(events: readonly KeptEvent[], event: KeptEvent): readonly KeptEvent[] {
  let room = MOST_PROPERTIES;
  const [entry, ...later] = [...events, event];
  const kept = new Map<KeptEvent, KeptEvent>();
  for (const one of [...(entry === undefined ? [] : [entry]), ...later.toReversed()]) {
    const entries = Object.entries(one.properties);
    kept.set(
      one,
      entries.length <= room ? one : { ...one, properties: Object.fromEntries(entries.slice(0, room)) },
    );
    room = Math.max(0, room - entries.length);
  }
  return [...events, event].map((one) => kept.get(one) ?? one);
}
