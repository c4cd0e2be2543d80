import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { ClaimedStream } from './work-store.ts';

/** What working a stream needs, whatever its destination. */
export interface WorkOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** How long a stream stays ours without renewing, in milliseconds. */
  readonly leaseMs: number;
  /** Called after a stream was disabled. */
  readonly onDisabled: (stream: ClaimedStream, reason: string) => void;
}
