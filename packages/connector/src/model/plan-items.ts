import { asText } from './as-text.ts';
import { parseDuration } from '../config/duration.ts';
import type { Connector } from '../config/config.ts';
import type { Row } from '../config/fields.ts';
import type { EventItem, MessageItem, OutboxItem } from './outbox-item.ts';
import type { Reject } from './reject.ts';
import { qualified, reaches, transitionDigest, transitionId } from './transition.ts';
import type { Change } from './transition.ts';

export interface PlannedItems {
  readonly items: readonly OutboxItem[];
  readonly rejects: readonly Reject[];
}

/**
 * Pure: what a batch of changes calls for, in their order. Ten changes of one user are one item. A
 * user's item comes before the events and messages of the same batch that speak of it.
 * `isDone` says whether a transition was sent before, or is history.
 */
export function planItems(
  connector: Connector,
  changes: readonly Change[],
  isDone: (digest: string) => boolean,
): PlannedItems {
  const users = new Set<string>();
  const triggered = new Map<string, OutboxItem>();
  const rejects: Reject[] = [];
  for (const change of changes) {
    for (const key of dirtyKeys(connector, change)) users.add(key);
    for (const item of transitions(connector, change, isDone, rejects)) {
      if (!triggered.has(item.id)) triggered.set(item.id, item);
    }
  }
  return {
    items: [...[...users].map((key): OutboxItem => ({ kind: 'user', key })), ...triggered.values()],
    rejects,
  };
}

/** The users whom a change may concern: by the row as it is, and as it was if that is known. */
function dirtyKeys({ users }: Connector, change: Change): string[] {
  return Object.entries(users?.dirtyWhen ?? {})
    .filter(([table]) => qualified(table) === change.table)
    .flatMap(([, column]) => [change.row[column], change.before?.[column]])
    .flatMap((key) => (key === null || key === undefined ? [] : [asText(key)]));
}

function transitions(
  connector: Connector,
  change: Change,
  isDone: (digest: string) => boolean,
  rejects: Reject[],
): (EventItem | MessageItem)[] {
  const found: (EventItem | MessageItem)[] = [];
  const attempt = (what: 'event' | 'message', id: string, map: () => EventItem | MessageItem) => {
    if (isDone(transitionDigest(id))) return;
    try {
      found.push(map());
    } catch (error) {
      rejects.push({
        what,
        key: id,
        field: 'mapping',
        rule: error instanceof Error ? error.message : String(error),
      });
    }
  };
  for (const [name, trigger] of Object.entries(connector.events)) {
    if (!reaches(trigger.on, change)) continue;
    const id = transitionId(connector.name, 'event', name, trigger.on, change.key);
    attempt('event', id, () => ({
      kind: 'event',
      id,
      name,
      externalId: trigger.user(change.row),
      at: timeOf(trigger.at === undefined ? undefined : change.row[trigger.at], change.at),
      properties: plain(trigger.data?.(change.row)),
    }));
  }
  for (const [name, trigger] of Object.entries(connector.messages)) {
    if (!reaches(trigger.on, change)) continue;
    const id = transitionId(connector.name, 'message', name, trigger.on, change.key);
    attempt('message', id, () => ({
      kind: 'message',
      id,
      name,
      ...trigger.to(change.row),
      template: trigger.template,
      data: plain(trigger.data?.(change.row)),
      notAfter: trigger.maxAge === undefined ? null : change.at + parseDuration('maxAge', trigger.maxAge),
    }));
  }
  return found;
}

function timeOf(value: unknown, otherwise: number): string {
  const time = value instanceof Date ? value.getTime() : Date.parse(asText(value));
  return new Date(Number.isNaN(time) ? otherwise : time).toISOString();
}

function plain(data: Row | undefined): Row {
  return JSON.parse(JSON.stringify(data ?? {})) as Row;
}
