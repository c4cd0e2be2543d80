import { FREE, PROBE } from './circuit.ts';
import type { Admission, Circuit } from './circuit.ts';

/** Whether a page may go at all: whom it goes through is decided for each of its recipients later. */
export interface Gate {
  /** What the next page may do, or null when it has to wait. */
  admit(now: number): Admission | null;
}

/** Always open: nobody is set up, or each kind of device has a service of its own. */
export const OPEN_GATE: Gate = { admit: () => FREE };

/** Open while one of the providers works; a few recipients may try one whose pause is over. */
export function gateOf(circuits: readonly Circuit[]): Gate {
  return {
    admit(now) {
      if (circuits.some(({ state }) => state.kind === 'closed')) return FREE;
      const mayTry = circuits.some(({ state }) => state.kind === 'open' && state.until <= now);
      return mayTry ? { most: PROBE, end: () => undefined } : null;
    },
  };
}
