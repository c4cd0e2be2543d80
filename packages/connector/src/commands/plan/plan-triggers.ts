import type { Connector } from '../../config/config.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import type { Source } from '../../model/source.ts';
import { splitKey } from '../../model/row-key.ts';
import { qualified, transitionDigest, transitionId } from '../../model/transition.ts';
import { triggersOf } from '../../model/triggers.ts';

/** What a trigger calls for, of the rows as they are now. */
export interface PlannedTrigger {
  readonly what: 'event' | 'message';
  readonly name: string;
  /** Rows that have come to the state since the last run. */
  readonly due: number;
  /** Rows that had come to it before the first run, which stay silent. */
  readonly history: number;
}

/** Changes nothing: a `watch` sends what is due, a `sync` does not. */
export async function planTriggers(connector: Connector, source: Source): Promise<readonly PlannedTrigger[]> {
  const state = lookIntoState(connector.home);
  const { seeded } = state.progress;
  const planned: PlannedTrigger[] = [];
  try {
    for (const { what, name, id, on } of triggersOf(connector)) {
      const isSeeded = seeded?.includes(id) === true;
      let open = 0;
      const query = { of: 'reached', table: qualified(on.table), becomes: on.becomes } as const;
      for await (const keys of source.scan(query, new AbortController().signal)) {
        for (const { key } of keys) {
          const digest = transitionDigest(transitionId(connector.name, what, name, on, splitKey(key)));
          if (state.get(digest) === null) open += 1;
        }
      }
      planned.push({ what, name, due: isSeeded ? open : 0, history: isSeeded ? 0 : open });
    }
  } finally {
    state.close();
  }
  return planned;
}
