import type { Connector } from '../config/config.ts';
import { qualified } from '../model/transition.ts';

/** The tables whose changes matter, as `schema.table`. */
export function watchedTables({ users, events, messages }: Connector): string[] {
  const triggers = [...Object.values(events), ...Object.values(messages)];
  return [
    ...new Set([
      ...Object.keys(users?.dirtyWhen ?? {}).map(qualified),
      ...triggers.map((trigger) => qualified(trigger.on.table)),
    ]),
  ].toSorted();
}
