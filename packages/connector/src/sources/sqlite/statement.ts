import type { Model } from '../../config/fields.ts';
import { placeValues } from '../place-values.ts';
import type { Statement } from '../place-values.ts';

/** A statement with values as SQLite takes them. */
export function statementOf(model: Model<object>): Statement {
  const { text, values } = placeValues(model);
  return { text, values: values.map(plain) };
}

export function plain(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value ?? null;
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `public.orders` is a table of the file. */
export function tableName(name: string): string {
  return name.replace(/^public\./, '');
}
