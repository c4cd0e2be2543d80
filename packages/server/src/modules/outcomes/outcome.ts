export const ATTRIBUTIONS = ['direct', 'influenced', 'unattributed'] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];

/** One thing that somebody did, once. */
export interface Outcome {
  readonly name: string;
  /** The platform's number. */
  readonly deviceType: number;
  readonly attribution: Attribution;
  /** What it adds to the sum; seconds for a session, 0 when the device gave no weight. */
  readonly value: number;
  /** The messages with a share in it; empty if and only if it is unattributed. */
  readonly messageIds: readonly string[];
}

/** How long the counters of one row run, in milliseconds. */
export const BUCKET_MS = 5 * 60_000;

/** What the devices call a session with its length. */
export const SESSION = 'os__session_duration';

/** Names that begin like ours and that no device reports. */
export const NOT_REPORTED: readonly string[] = ['os__click', 'os__confirmed_delivery'];
