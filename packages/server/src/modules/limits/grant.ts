import type { RateClass, RateLimit } from '@carillon/wire';

/** Which limit it is. */
export interface Metered {
  /** An app, or an organization for calls about no app. */
  readonly ownerId: string;
  readonly rate: RateClass;
  /** A client's address, or '' where all callers share the limit. */
  readonly address: string;
}

/** What the database answers to a process that asks for a part of a limit. */
export interface Grant {
  /** What holds now: the app's own limit or the server's. */
  readonly limit: RateLimit['limit'];
  readonly windowSeconds: number;
  /** This process may let in so many more. */
  readonly granted: number;
  /** Reserved in this window by all processes, this grant included. */
  readonly used: number;
  /** Names the window: its end, in seconds since the epoch, on the database's clock. */
  readonly window: number;
  /** From the moment of the answer to the end of the window. */
  readonly endsInMs: number;
}
