import type { Channel } from '@carillon/wire';

/**
 * The part of a message that goes to one lane: the unit that is claimed, paused, cancelled and
 * resumed. Who has claimed it owns `epoch`; whatever is written under an older one is refused.
 */
export interface Chunk {
  readonly messageId: string;
  readonly lane: number;
  readonly appId: string;
  readonly channel: Channel;
  readonly priority: Priority;
  readonly epoch: number;
  /** Subscription ids in ascending order, or null for everyone reachable in the lane. */
  readonly targets: readonly string[] | null;
  /** The last subscription id that is done, or null at the start. */
  readonly cursor: string | null;
  /** Ids that a dead sender may have handed over already. */
  readonly doubtIds: readonly string[] | null;
  /** How many deliveries wait in `delivery_retries`. */
  readonly retrying: number;
  /** So many recipients of a throttled message have their turn now; 0 where none waited for one. */
  readonly throttleReserved: number;
}

export interface ChunkKey {
  readonly messageId: string;
  readonly lane: number;
}

/** Small sends go before broadcasts. */
export const PRIORITIES = ['small', 'broadcast'] as const;

export type Priority = (typeof PRIORITIES)[number];
