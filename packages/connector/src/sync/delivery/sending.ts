import type { Session } from '../session.ts';
import type { Commits } from './commits.ts';

/** What the calls of a run share. */
export interface Sending {
  readonly session: Session;
  readonly commits: Commits;
  readonly signal: AbortSignal;
}
