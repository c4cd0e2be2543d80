import type { Connector } from '../../config/config.ts';
import { lookIntoState } from '../../home/look-into-state.ts';
import { asText } from '../../model/as-text.ts';
import type { OutboxItem } from '../../model/outbox-item.ts';
import { planItems } from '../../model/plan-items.ts';
import type { Source } from '../../model/source.ts';
import { qualified } from '../../model/transition.ts';
import type { Change } from '../../model/transition.ts';
import type { Trigger } from '../../model/triggers.ts';
import { HISTORY } from '../../sync/begin-reading.ts';

const CHUNK = 500;

/**
 * What a trigger would have called for of rows that had come to its state before the connector watched:
 * in chunks, each once. What was sent already is left out. `since`, in milliseconds since the epoch, leaves
 * out rows whose `changedAt` is older.
 */
export async function* findHistory(
  connector: Connector,
  source: Source,
  { what, name, on }: Trigger,
  since: number | null,
): AsyncGenerator<readonly OutboxItem[]> {
  const state = lookIntoState(connector.home);
  const table = qualified(on.table);
  const only: Connector = {
    ...connector,
    users: null,
    events: what === 'event' ? pick(connector.events, name) : {},
    messages: what === 'message' ? pick(connector.messages, name) : {},
  };
  const isDone = (digest: string) => ![null, HISTORY].includes(state.get(digest));
  try {
    for await (const scanned of source.scan(
      { of: 'reached', table, becomes: on.becomes },
      new AbortController().signal,
    )) {
      for (let at = 0; at < scanned.length; at += CHUNK) {
        const keys = scanned.slice(at, at + CHUNK).map(({ key }) => key);
        const changes = (await source.changed(table, keys)).map((change) =>
          dated(change, connector.source.changedAt),
        );
        const young = changes.filter(({ at }) => since === null || at >= since);
        // Kept as history, they are only sent when it is asked for.
        yield planItems(only, young, isDone).items.map((item) =>
          item.kind === 'removal' ? item : { ...item, again: true as const },
        );
      }
    }
  } finally {
    state.close();
  }
}

/** Old news must be known to be old: `maxAge` holds for it as well. */
function dated(change: Change, column: string): Change {
  const value = change.row[column];
  const time = value instanceof Date ? value.getTime() : Date.parse(asText(value));
  return Number.isNaN(time) ? change : { ...change, at: time };
}

function pick<T>(triggers: Readonly<Record<string, T>>, name: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(triggers).filter(([it]) => it === name));
}
