import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { WholeBatches } from '../identity/index.ts';

/** What the calls about imports need. */
export interface ImportsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly batches: WholeBatches;
  readonly publicUrl: string;
}
