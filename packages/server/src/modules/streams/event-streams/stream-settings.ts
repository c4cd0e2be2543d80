import type { EventStreamFilters } from '@carillon/wire';
import type { StreamTarget } from './targets/stream-target.ts';

/** All that somebody has set of a stream. It is sealed as a whole. */
export interface StreamSettings {
  readonly target: StreamTarget;
  readonly filters: EventStreamFilters;
  /** Seconds between tries. */
  readonly retrySchedule: readonly number[];
}
