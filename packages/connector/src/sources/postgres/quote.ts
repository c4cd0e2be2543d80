import pg from 'pg';

/** `schema.table`, quoted. */
export function quoteTable(name: string): string {
  const [schema = '', table = ''] = name.split('.');
  return `${quote(schema)}.${quote(table)}`;
}

export function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
