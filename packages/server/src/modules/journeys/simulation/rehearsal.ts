import type { JourneyIndex, LiveJourney } from '../run/journey-index.ts';
import type { CompiledSegments } from './standing.ts';

/** A journey that goes live at `from`, over a period that ends before `to`. */
export interface Rehearsal {
  readonly index: JourneyIndex;
  readonly live: LiveJourney;
  readonly segments: CompiledSegments;
  readonly from: number;
  readonly to: number;
}
