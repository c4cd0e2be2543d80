import { holderOf } from '../home/home-lock.ts';
import { lookAtBoard } from '../home/run-board.ts';

/** Who will do what is asked in this home, in words. */
export function whoTakesIt(home: string): 'the watch under way' | 'the next sync or watch' {
  const watching = holderOf(home) !== null && lookAtBoard(home)?.command === 'watch';
  return watching ? 'the watch under way' : 'the next sync or watch';
}
