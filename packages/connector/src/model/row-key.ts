import { asText } from './as-text.ts';

/** Between the parts of a composite key; no text of a key holds it. */
const BETWEEN = '\u0001';

/** A key of several columns as one text. */
export function joinKey(values: readonly unknown[]): string {
  return values.map(asText).join(BETWEEN);
}

export function splitKey(key: string): string[] {
  return key.split(BETWEEN);
}
