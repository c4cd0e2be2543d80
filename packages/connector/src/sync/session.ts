import type { Connector } from '../config/config.ts';
import type { Destination } from '../destination/destination.ts';
import type { Home } from '../home/home.ts';
import type { Source } from '../model/source.ts';
import type { Bell } from './bell.ts';
import type { OnReport } from './report.ts';

/** Everything the parts of a run share. */
export interface Session {
  readonly connector: Connector;
  readonly home: Home;
  readonly source: Source;
  readonly destination: Destination;
  readonly report: OnReport;
  /** Is a request about this user under way? Then what is learned of it now calls for another look. */
  readonly underWay: { has(externalId: string, key: string): boolean };
  /** Rung when there is something new in the outbox. */
  readonly queued: Bell;
  /** Rung when the outbox has become shorter. */
  readonly drained: Bell;
}
