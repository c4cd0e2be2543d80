import type { Outcome } from '../../channels/index.ts';
import type { Held } from './circuit.ts';

/** An attempt that failed for the moment, and is due at `until` for another provider, sooner than for the same. */
export interface Moved {
  readonly state: 'moved';
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** What becomes of a recipient for now. */
export type Fate = Outcome | Held | Moved;

/** How the reasons begin for which somebody waits for the next day of a warm-up plan. */
export const WARM_UP = 'warm-up: ';
