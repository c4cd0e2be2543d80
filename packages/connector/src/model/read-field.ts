import type { From, Row } from '../config/fields.ts';
import { asText } from './as-text.ts';

/** What a column or a function of the row gives. */
export function readField(from: From<Row> | undefined, row: Row): unknown {
  if (from === undefined) return undefined;
  return typeof from === 'function' ? from(row) : row[from];
}

/** The same as trimmed text; undefined for null, "" and absent. */
export function readText(from: From<Row> | undefined, row: Row): string | undefined {
  const value = readField(from, row);
  const text = value === null || value === undefined ? '' : asText(value).trim();
  return text === '' ? undefined : text;
}

/** A time in milliseconds since the epoch: null where there is none, undefined where it is no time. */
export function readTime(from: From<Row> | undefined, row: Row): number | null | undefined {
  const value = readField(from, row);
  if (value === null || value === undefined || value === '') return null;
  // As in tags: a number is Unix seconds.
  if (typeof value === 'number') return value * 1000;
  const time = value instanceof Date ? value.getTime() : Date.parse(asText(value));
  return Number.isNaN(time) ? undefined : time;
}
