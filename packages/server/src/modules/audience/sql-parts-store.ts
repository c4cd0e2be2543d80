import { DECIMAL } from './decimal.ts';
import type { Comparison } from './condition.ts';
import type { MessageEventRows } from './sources.ts';

/** The values of a statement's parameters, gathered as its text is made. */
export class Parameters {
  readonly values: unknown[];

  constructor(first: readonly unknown[]) {
    this.values = [...first];
  }

  /** Stands in the text for `value`: nothing that a caller sent is ever part of a text. */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** What a condition is true within. */
export interface Scope {
  readonly appId: string;
  /** Of all whom the statement looks at. */
  readonly lanes: readonly number[];
  /** Where it looks at these alone; null for everybody. */
  readonly users: readonly string[] | null;
  /** Milliseconds. */
  readonly now: number;
  readonly messageEvents: MessageEventRows;
}

/** Never null: what is not known is false, and true where the opposite was asked. */
export function known(condition: string, not: boolean): string {
  return not ? `not coalesce(${condition}, false)` : `coalesce(${condition}, false)`;
}

export function compare(a: string, relation: Comparison, b: string): string {
  return relation === '!=' ? known(`${a} = ${b}`, true) : known(`${a} ${relation} ${b}`, false);
}

/**
 * Only CASE keeps the cast from what is no number. Bounds in a pattern cost four times the rest of it, and short text
 * needs none.
 */
export function numberIn(text: string): string {
  const isNumber = `case when length(${text}) <= 30 then ${text} ~ '^-?[0-9]+(\\.[0-9]+)?$' else ${text} ~ '${DECIMAL.source}' end`;
  return `case when ${isNumber} then ${text}::numeric end`;
}
