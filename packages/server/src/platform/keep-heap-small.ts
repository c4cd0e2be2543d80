import { setFlagsFromString } from 'node:v8';

/** By how much of what survived a collection the old generation may grow before the next one. */
const GROWTH_PERCENT = 120;

/**
 * Bulk work makes short-lived objects faster than the young generation can tell that they are garbage, and
 * V8 then lets the old one double or more before it looks: 320 MB for a broadcast that needs 170. What lives
 * long here is small, so looking often costs nothing that could be measured.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}
