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

/** When the counters began that run at a moment; both in milliseconds. */
export function bucketOf(moment: number): number {
  return moment - (moment % BUCKET_MS);
}

/** A tracked link was followed. */
export const CLICK = 'os__click';
/** The other side has confirmed that it has the message. */
export const CONFIRMED_DELIVERY = 'os__confirmed_delivery';

/** Counted where it is recorded: no device reports it. */
export const NOT_REPORTED: readonly string[] = [CLICK, CONFIRMED_DELIVERY];
