import type { Attempt } from './event-streams/attempt-store.ts';
import type { PlacedEvent } from './read-events.ts';
import type { Breaker } from '../../platform/breaker.ts';

/** An event on its way to a stream's destination. */
export interface StreamEvent extends PlacedEvent {
  /** Events of one key keep their order: those of one user. */
  readonly userKey: string;
}

/** What became of one event in one round. */
export type Outcome =
  | { readonly state: 'taken' }
  /** `afterMs` is how long the other side asked to wait, where it said so. */
  | { readonly state: 'failed'; readonly reason: string; readonly afterMs: number | null }
  /** The other side says that it is gone for good. */
  | { readonly state: 'gone'; readonly reason: string }
  /** It was not its turn: one before it failed, or the round was broken off. */
  | { readonly state: 'untried' };

export interface Delivery {
  /** In the order of the events. */
  readonly outcomes: readonly Outcome[];
  readonly attempts: readonly Attempt[];
}

/** Where the events of one stream go. */
export interface Destination {
  /** Most events of a round. */
  readonly most: number;
  /** So long a round that is not full waits for more events, in milliseconds. */
  readonly patienceMs: number;
  /** All events of a round are taken together, or none is: then nothing is held, and the round comes again. */
  readonly isWhole: boolean;
  /**
   * Tries each event once. Never rejects because of the other side or the network.
   *
   * @param from names the place where the round begins: the same text means that it came before, perhaps with fewer events
   */
  deliver(events: readonly StreamEvent[], breaker: Breaker, from: RoundStart): Promise<Delivery>;
  close(): Promise<void>;
}

export interface RoundStart {
  readonly cursor: string;
  /** When the stream has come to that cursor, in milliseconds since the epoch. */
  readonly at: number;
}
