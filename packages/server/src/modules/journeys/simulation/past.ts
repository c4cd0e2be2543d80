import type { Facts as AudienceFacts } from '../../audience/index.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { Facts, MessageAction } from '../run/run.ts';
import type { PastEvent, RealRun } from './past-store.ts';

/** What a user did with a message that a run really sent. */
export interface PastAction {
  readonly runId: string;
  /** Key of the node that sent it. */
  readonly node: number;
  readonly action: MessageAction;
  readonly at: number;
}

/** What is stored of a user, as far as a journey asks. */
export interface Past {
  readonly user: UserPlace;
  /** Those that the journey asks for, in the order in which they came. */
  readonly events: readonly PastEvent[];
  /** As they are now; without memberships and actions. */
  readonly facts: Facts;
  /** What segments ask about, of each subscription; empty where the journey names none. */
  readonly everyFact: readonly AudienceFacts[];
  /** The last session, which is the only one that is known. */
  readonly lastSession: number | null;
  /** In the order of their beginning. */
  readonly realRuns: readonly RealRun[];
  /** In the order of their times. */
  readonly actions: readonly PastAction[];
}
