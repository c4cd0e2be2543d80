import type { Session } from '../session.ts';
import type { Commits } from './commits.ts';
import type { MessageBreaker } from './message-breaker.ts';
import type { RefusedUsers } from './refused-users.ts';

/** What the calls of a run share. */
export interface Sending {
  readonly session: Session;
  /** Under which acknowledgements of this target are kept (`targetId`). */
  readonly target: string;
  readonly commits: Commits;
  readonly breaker: MessageBreaker;
  readonly refused: RefusedUsers;
  readonly signal: AbortSignal;
  /** A user was written just now: further changes may gather before it is again. */
  readonly wrote: (lane: string) => void;
}
