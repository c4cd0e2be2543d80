import type { Model } from '../config/fields.ts';

/** A statement with a `?` for each value. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** `sql` numbers its values; here each place takes the next one. */
export function placeValues({ text, values }: Model<object>): Statement {
  const used: unknown[] = [];
  const placed = text.replace(/[\s;]+$/, '').replaceAll(/\$(\d+)/g, (_, number: string) => {
    used.push(values[Number(number) - 1]);
    return '?';
  });
  return { text: placed, values: used };
}
