import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** By how much of what survived a collection the old generation may grow before the next one. */
const GROWTH_PERCENT = 100;

/**
 * Bulk work makes short-lived objects faster than the young generation can tell that they are garbage, and
 * V8 then lets the old one grow fourfold before it looks. Looking more often takes CPU from bulk work: the
 * measured middle is in docs/decisions/2026-11-25-the-heap-grows-by-little-more-than-it-holds.md.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/**
 * Collects once what the start left behind: schemas as text, validators in the making, sources of modules. An
 * idle process would keep it, and the first bulk work would grow from there. Takes about a tenth of a second.
 */
export function forgetTheStart(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  collect();
}
