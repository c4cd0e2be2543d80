import { setFlagsFromString } from 'node:v8';

/** By how much of what survived a collection the old generation may grow before the next one. */
const GROWTH_PERCENT = 100;

/**
 * A pass reads rows by the thousand, which are garbage soon and outlive the young generation: V8 lets the old one grow
 * fourfold before it looks.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
