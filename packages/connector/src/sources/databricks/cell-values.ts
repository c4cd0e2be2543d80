import type { SourceColumn } from '../../model/source.ts';
import { exactNumber } from '../exact-number.ts';

export interface DatabricksColumn {
  readonly name: string;
  readonly type_name: string;
}

/** Every cell comes as text. */
export function cellValue(text: string | null, { type_name }: DatabricksColumn): unknown {
  if (text === null) return null;
  switch (type_name) {
    case 'BYTE':
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return exactNumber(text);
    case 'FLOAT':
    case 'DOUBLE':
      return Number(text);
    case 'BOOLEAN':
      return text === 'true';
    case 'TIMESTAMP':
      return new Date(text);
    case 'ARRAY':
    case 'MAP':
    case 'STRUCT':
      return JSON.parse(text) as unknown;
    default:
      return text;
  }
}

export function columnOf({ name, type_name }: DatabricksColumn): SourceColumn {
  return { name, type: typeOf(type_name), nullable: true };
}

function typeOf(type: string): string {
  switch (type) {
    case 'BYTE':
    case 'SHORT':
    case 'INT':
    case 'LONG':
      return 'number | string';
    case 'FLOAT':
    case 'DOUBLE':
      return 'number';
    case 'BOOLEAN':
      return 'boolean';
    case 'TIMESTAMP':
      return 'Date';
    case 'ARRAY':
    case 'MAP':
    case 'STRUCT':
      return 'unknown';
    default:
      return 'string';
  }
}
