import type { Failure } from '@carillon/client';

/** Says when the next request may go, and learns from how requests are answered. */
export interface Pace {
  /** Resolves when a request may go, or when `signal` ends. */
  turn(signal: AbortSignal): Promise<void>;
  /** null is a success. */
  answered(failure: Failure | null): void;
}
