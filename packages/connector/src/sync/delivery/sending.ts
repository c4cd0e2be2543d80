import type { Session } from '../session.ts';
import type { Commits } from './commits.ts';
import type { MessageBreaker } from './message-breaker.ts';

/** What the calls of a run share. */
export interface Sending {
  readonly session: Session;
  readonly commits: Commits;
  readonly breaker: MessageBreaker;
  readonly signal: AbortSignal;
}
