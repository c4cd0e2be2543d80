import type { SourceColumn } from '../../model/source.ts';
import { exactNumber } from '../exact-number.ts';

/** A column as the SQL API tells it. */
export interface SnowflakeColumn {
  readonly name: string;
  /** In small letters from the service, in capitals in its documentation. */
  readonly type: string;
  readonly scale: number | null;
  readonly nullable: boolean;
}

/** Every cell comes as text. https://docs.snowflake.com/en/developer-guide/sql-api/handling-responses */
export function cellValue(text: string | null, { type, scale }: SnowflakeColumn): unknown {
  if (text === null) return null;
  switch (type.toLowerCase()) {
    case 'fixed':
      return (scale ?? 0) === 0 ? exactNumber(text) : text;
    case 'real':
      return Number(text);
    case 'boolean':
      return text === 'true' || text === '1';
    case 'date':
      return new Date(Number(text) * 86_400_000).toISOString().slice(0, 10);
    case 'timestamp_ltz':
    case 'timestamp_tz':
      // The offset of the zone comes behind a space: the moment is the same.
      return new Date(millis(text.split(' ')[0] ?? ''));
    case 'timestamp_ntz':
      // A local time belongs to no zone: text, as from other databases.
      return new Date(millis(text)).toISOString().slice(0, 19).replace('T', ' ');
    case 'variant':
    case 'object':
    case 'array':
      return JSON.parse(text) as unknown;
    default:
      return text;
  }
}

export function columnOf(column: SnowflakeColumn): SourceColumn {
  return { name: nameOf(column.name), type: typeOf(column), nullable: column.nullable };
}

/** Names made without quotes are in capitals: the mapping writes them small. */
export function nameOf(name: string): string {
  return /[a-z]/.test(name) ? name : name.toLowerCase();
}

function typeOf({ type, scale }: SnowflakeColumn): string {
  switch (type.toLowerCase()) {
    case 'fixed':
      return (scale ?? 0) === 0 ? 'number | string' : 'string';
    case 'real':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'timestamp_ltz':
    case 'timestamp_tz':
      return 'Date';
    case 'variant':
    case 'object':
    case 'array':
      return 'unknown';
    default:
      return 'string';
  }
}

function millis(seconds: string): number {
  return Math.floor(Number(seconds) * 1000);
}
