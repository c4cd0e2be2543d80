/** When a message goes to each of its recipients, as its request asked. Kept with the message as JSON. */
export interface Timing {
  /** Each at a time of their own; null for all as soon as the message is due. */
  readonly spread: Spread | null;
  /** From then on nothing is handed over. Milliseconds since the epoch. */
  readonly expiresAt: number | null;
  /** How long after its turn a delivery may still be handed over, in milliseconds. */
  readonly ttlMs: number | null;
  /** Recipients a minute, at most. */
  readonly perMinute: number | null;
  /** Goes beyond a frequency cap, and counts for it all the same. */
  readonly overridesFrequencyCap: boolean;
  readonly ignoresQuietHours: boolean;
}

/**
 * `from`: when the message is due, in milliseconds since the epoch. Everybody's turn comes within the day that
 * begins there.
 */
export type Spread =
  /** When clocks in the recipient's time zone next show this second of the day. */
  | { readonly kind: 'time-zone'; readonly from: number; readonly second: number }
  /** At the time of day at which the user was last active. */
  | { readonly kind: 'last-active'; readonly from: number };

/** Everybody at once, for as long as it takes. */
export const AT_ONCE: Timing = {
  spread: null,
  expiresAt: null,
  ttlMs: null,
  perMinute: null,
  overridesFrequencyCap: false,
  ignoresQuietHours: false,
};
