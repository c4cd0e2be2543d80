import { FREE, PROBE } from './circuit.ts';
import type { Admission } from './circuit.ts';
import type { Learnt } from './circuits.ts';

/** Whether a page may go at all: whom it goes through is decided for each of its recipients later. */
export interface Gate {
  /** What the next page may do, or null when it has to wait. */
  admit(now: number): Admission | null;
}

/** Always open: nobody is set up, or each kind of device has a service of its own. */
export const OPEN_GATE: Gate = { admit: () => FREE };

/** A page for providers that take only so many a second lasts so long: it is in doubt all the while. */
const PAGE_LASTS_S = 2;

/** Open while one of the providers works; a few recipients may try one whose pause is over. */
export function gateOf(providers: readonly Learnt[]): Gate {
  return {
    admit(now) {
      const working = providers.filter(({ circuit }) => circuit.state.kind === 'closed');
      if (working.length > 0) {
        const perSecond = working.reduce((sum, { rate }) => sum + rate.perSecond, 0);
        if (perSecond === Infinity) return FREE;
        return { ...FREE, most: Math.ceil(perSecond * PAGE_LASTS_S) };
      }
      const mayTry = providers.some(({ circuit: { state } }) => state.kind === 'open' && state.until <= now);
      return mayTry ? { ...FREE, most: PROBE } : null;
    },
  };
}
