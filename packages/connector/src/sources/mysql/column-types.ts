/** What `open-pool` makes of a value of a column's type, as TypeScript writes it. */
export function typeOf(columnType: string): string {
  const type = columnType.toLowerCase();
  if (type === 'tinyint(1)') return 'boolean';
  if (/^(tinyint|smallint|mediumint|int|float|double|year)\b/.test(type)) return 'number';
  if (/^timestamp\b/.test(type)) return 'Date';
  if (/^(binary|varbinary|tinyblob|blob|mediumblob|longblob|bit)\b/.test(type)) return 'Buffer';
  return type === 'json' ? 'unknown' : 'string';
}

/** A value of the binary log as a query gives it. */
export function asQueried(columnType: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const type = columnType.toLowerCase();
  if (type === 'tinyint(1)') return Number(value) !== 0;
  if (type.startsWith('bigint')) return typeof value === 'number' ? String(value) : value;
  return value;
}
