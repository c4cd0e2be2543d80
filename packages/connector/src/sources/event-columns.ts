import type { EventRow } from '../model/sql-database.ts';

/** Columns of the table of message events, and what an event has for them. */
export const EVENT_COLUMNS = {
  event_id: 'id',
  kind: 'kind',
  channel: 'channel',
  occurred_at: 'at',
  external_id: 'external_id',
  subscription_id: 'subscription_id',
  message_id: 'message_id',
  template_id: 'template_id',
  address: 'address',
  reason: 'reason',
  url: 'url',
  campaign: 'campaign',
  raw: 'raw',
} as const satisfies Readonly<Record<string, keyof EventRow>>;

export type EventColumn = keyof typeof EVENT_COLUMNS;

/** Tables that were made before these were thought of are written to without them. */
const NEWER: ReadonlySet<EventColumn> = new Set<EventColumn>(['campaign', 'raw']);

/** The columns that an event is written into, of a table that has `known`. */
export function eventColumns(known: readonly string[]): readonly EventColumn[] {
  const all = Object.keys(EVENT_COLUMNS) as EventColumn[];
  return all.filter((column) => !NEWER.has(column) || known.includes(column));
}
