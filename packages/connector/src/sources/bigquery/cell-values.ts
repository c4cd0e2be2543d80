import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';
import { exactNumber } from '../exact-number.ts';

export interface BigqueryField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly BigqueryField[];
}

export interface BigqueryRow {
  readonly f: readonly { readonly v: unknown }[];
}

export function rowOf({ f }: BigqueryRow, fields: readonly BigqueryField[]): Row {
  return Object.fromEntries(fields.map((field, at) => [field.name, cellValue(f[at]?.v ?? null, field)]));
}

export function columnOf(field: BigqueryField): SourceColumn {
  return { name: field.name, type: typeOf(field), nullable: field.mode !== 'REQUIRED' };
}

/** Cells come as text; TIMESTAMP as whole microseconds, which we ask for; records and lists nested. */
function cellValue(value: unknown, field: BigqueryField): unknown {
  if (value === null) return null;
  if (field.mode === 'REPEATED') {
    const { mode: _, ...one } = field;
    return (value as { readonly v: unknown }[]).map(({ v }) => cellValue(v, one));
  }
  if (typeof value !== 'string') return rowOf(value as BigqueryRow, field.fields ?? []);
  switch (field.type) {
    case 'INTEGER':
    case 'INT64':
      return exactNumber(value);
    case 'FLOAT':
    case 'FLOAT64':
      return Number(value);
    case 'BOOLEAN':
    case 'BOOL':
      return value === 'true';
    case 'TIMESTAMP':
      return new Date(Math.floor(Number(value) / 1000));
    case 'JSON':
      return JSON.parse(value) as unknown;
    default:
      return value;
  }
}

function typeOf({ type, mode }: BigqueryField): string {
  if (mode === 'REPEATED') return 'unknown';
  switch (type) {
    case 'INTEGER':
    case 'INT64':
      return 'number | string';
    case 'FLOAT':
    case 'FLOAT64':
      return 'number';
    case 'BOOLEAN':
    case 'BOOL':
      return 'boolean';
    case 'TIMESTAMP':
      return 'Date';
    case 'JSON':
    case 'RECORD':
    case 'STRUCT':
      return 'unknown';
    default:
      return 'string';
  }
}
