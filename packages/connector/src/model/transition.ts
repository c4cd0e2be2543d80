import { asText } from './as-text.ts';
import type { Transition } from '../config/config.ts';
import type { Row, Table } from '../config/fields.ts';
import { nameId } from './name-id.ts';

/** One change of one row, as the source tells it. */
export interface Change {
  /** `schema.table`. */
  readonly table: string;
  /** The primary key's values, in the order of its columns. */
  readonly key: readonly string[];
  /** The row as it is now; as it was for a delete, with the key columns at least. */
  readonly row: Row;
  /** The row before an update, where the source knows it. */
  readonly before: Row | null;
  readonly kind: 'insert' | 'update' | 'delete';
  /** When it was committed, in milliseconds since the epoch. */
  readonly at: number;
}

/** `schema.table`, with public where no schema is named. */
export function qualified(table: string | Table<object>): string {
  const name = typeof table === 'string' ? table : table.name;
  return name.includes('.') ? name : `public.${name}`;
}

/**
 * Does this change bring the row to the state? Where the row before is not known, a row that was
 * there already looks the same: what has been sent or noted as history tells them apart.
 */
export function reaches(on: Transition<Row>, change: Change): boolean {
  if (change.kind === 'delete' || change.table !== qualified(on.table)) return false;
  return holds(on.becomes, change.row) && !(change.before !== null && holds(on.becomes, change.before));
}

/**
 * The idempotency key of a transition: a fact of the row, so that it is the same after a crash, a
 * restored backup or a new slot. `what` and `name` are the trigger's place in the configuration.
 */
export function transitionId(
  connector: string,
  what: 'event' | 'message',
  name: string,
  on: Transition<Row>,
  key: readonly string[],
): string {
  const state = Object.entries(on.becomes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([column, value]) => `${column}=${asText(value)}`);
  return nameId(connector, what, name, qualified(on.table), key.join('\u0001'), ...state);
}

/** Under which name it is kept that a transition is done with. */
export function transitionDigest(id: string): string {
  return id.replaceAll('-', '');
}

function holds(becomes: Readonly<Record<string, unknown>>, row: Row): boolean {
  return Object.entries(becomes).every(([column, value]) => same(row[column], value));
}

/** Numbers of large types arrive as text. */
function same(actual: unknown, wanted: unknown): boolean {
  if (actual === null || actual === undefined || wanted === null) return actual === wanted;
  return asText(actual) === asText(wanted);
}
