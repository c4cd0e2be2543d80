/** What one bulk request may be. Everything that is read is bounded, so that memory and time are. */
export interface BulkLimits {
  /** Bytes of one line. */
  readonly lineBytes: number;
  /** Lines that are worked on; skipped ones are free. */
  readonly lines: number;
  /** Bytes of the whole body after decompression, skipped lines included: a small gzip may be endless. */
  readonly bytes: number;
  /** Lines, and bytes of lines, that are written together. */
  readonly batchLines: number;
  readonly batchBytes: number;
  /** Fewer new users than this among others are not worth the statements of a COPY. */
  readonly worthCopying: number;
  /** Bytes of the answer that wait here for a client that reads later than it sends. */
  readonly answerBytes: number;
  /** How long the client may neither send nor read, in milliseconds. */
  readonly stallMs: number;
  /** How long a request may last, in milliseconds. */
  readonly longestMs: number;
  /** Requests at a time in one process; the next one is told to wait. */
  readonly requests: number;
  /** Batches in the database at a time, whichever requests they belong to. */
  readonly batches: number;
}

export const BULK_LIMITS: BulkLimits = {
  lineBytes: 64 * 1024,
  lines: 2_000_000,
  bytes: 4 * 1024 ** 3,
  batchLines: 2_000,
  batchBytes: 2 * 1024 ** 2,
  worthCopying: 32,
  answerBytes: 16 * 1024 ** 2,
  stallMs: 60_000,
  longestMs: 60 * 60_000,
  requests: 8,
  batches: 2,
};
