import type { ChangeSource } from '../change-source.ts';
import type { BodyPieces } from './body-pieces.ts';
import type { CheckShape } from './parse-line.ts';

/** What a bulk upsert is about, and whom it talks to. */
export interface BulkRequest {
  readonly appId: string;
  readonly source: ChangeSource;
  readonly pieces: BodyPieces;
  /** The number of the first line that counts. */
  readonly from: number;
  readonly checkShape: CheckShape;
  /** Told of faults of ours, which the client hears of only as `internal`. */
  readonly onFault: (error: unknown) => void;
}
