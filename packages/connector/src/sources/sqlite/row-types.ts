import type { Row } from '../../config/fields.ts';

/**
 * A row as the mapping reads it. SQLite has no booleans and no times: what a column was declared as
 * says which it holds. Whole numbers beyond what JavaScript counts exactly come as text.
 */
export function rowOf(found: Readonly<Record<string, unknown>>, types: ReadonlyMap<string, string>): Row {
  return Object.fromEntries(
    Object.entries(found).map(([column, value]) => [column, valueOf(value, types.get(column) ?? '')]),
  );
}

function valueOf(value: unknown, type: string): unknown {
  if (typeof value === 'bigint') {
    if (isBoolean(type)) return value !== 0n;
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === 'string' && isTime(type)) {
    // Without a zone it is UTC, as SQLite's own functions write it.
    const time = new Date(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
    return Number.isNaN(time.getTime()) ? value : time;
  }
  return value;
}

/** As TypeScript writes it. A column holds what was put in: this is what its declaration promises. */
export function typeOf(declared: string): string {
  const type = declared.toUpperCase();
  if (isBoolean(type)) return 'boolean';
  if (isTime(type)) return 'Date';
  if (type.includes('INT')) return 'number | string';
  if (/CHAR|CLOB|TEXT/.test(type)) return 'string';
  if (/REAL|FLOA|DOUB/.test(type)) return 'number';
  if (type.includes('BLOB')) return 'Buffer';
  return type === '' ? 'unknown' : 'number | string';
}

function isBoolean(type: string): boolean {
  return type.toUpperCase().startsWith('BOOL');
}

function isTime(type: string): boolean {
  return /^(TIMESTAMP|DATETIME)/.test(type.toUpperCase());
}
