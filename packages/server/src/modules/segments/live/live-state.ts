/**
 * How far the first look at everybody has come for a watched segment.
 * - `new`: it has yet to begin; `filling`: it goes on, lane by lane. Nobody is told who is in it.
 * - `ready`: who is in it is kept, and who comes and goes is told.
 * - `changed`, `refilling`: it has other filters now, and everybody is looked at again. Who comes and goes by that is
 *   told as everything is.
 */
export type LiveState = 'new' | 'filling' | 'ready' | 'changed' | 'refilling';

/** Whether who is in it is known of everybody. */
export function isReady(state: LiveState): boolean {
  switch (state) {
    case 'new':
    case 'filling':
      return false;
    case 'ready':
    case 'changed':
    case 'refilling':
      return true;
  }
}

/** Whether who comes and goes in a lane is told: not before its users have all been looked at. */
export function isTold(state: LiveState, isWalked: boolean): boolean {
  switch (state) {
    case 'new':
      return false;
    case 'filling':
      return !isWalked;
    case 'ready':
    case 'changed':
    case 'refilling':
      return true;
  }
}
