import { ConfigInvalid } from '../config/config-invalid.ts';
import type { Model } from '../config/fields.ts';

/**
 * The table that a users model reads, where the source knows no SQL: `SELECT * FROM customers`.
 *
 * @throws ConfigInvalid where the model asks for more.
 */
export function wholeTable({ text }: Model<object>): string {
  const found = /^\s*select\s+\*\s+from\s+("?)([\w.-]+)\1\s*;?\s*$/i.exec(text);
  if (found?.[2] === undefined) {
    throw new ConfigInvalid('users.model', 'of this source is a whole table: sql`SELECT * FROM name`');
  }
  return found[2];
}

/** `public.orders`, as the core writes a table without a schema, is `orders` here. */
export function bareName(table: string): string {
  return table.startsWith('public.') ? table.slice('public.'.length) : table;
}
