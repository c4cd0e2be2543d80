import type { FileTable } from '../../config/files.ts';
import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';
import { typeName } from './cell-types.ts';

/** Columns with the types of the values they were seen to hold. A configured type is what it says. */
export function inferColumns(rows: readonly Row[], { types = {} }: FileTable): SourceColumn[] {
  const columns = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...columns].map((name) => {
    const values = rows.map((row) => row[name]);
    const there = values.filter((value) => value !== null && value !== undefined);
    const type = types[name] === undefined ? seenType(there) : typeName(types[name]);
    return { name, type, nullable: there.length < values.length };
  });
}

function seenType(values: readonly unknown[]): string {
  const seen = new Set(values.map(nameOf));
  return seen.size === 0 ? 'unknown' : [...seen].toSorted().join(' | ');
}

function nameOf(value: unknown): string {
  if (value instanceof Date) return 'Date';
  if (value instanceof Uint8Array) return 'Buffer';
  return typeof value === 'object' ? 'unknown' : typeof value;
}
