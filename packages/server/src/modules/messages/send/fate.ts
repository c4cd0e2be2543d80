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
