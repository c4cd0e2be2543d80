import type { ImportCounts, ImportSettings, ImportState, ImportUndo } from '@carillon/wire';

/** What the table knows; on the wire, who waits for a turn is `queued`. */
export type StoredState = Exclude<ImportState, 'queued'>;

/** An import as it is stored. */
export interface ImportRecord {
  readonly id: string;
  readonly appId: string;
  readonly name: string;
  readonly state: StoredState;
  readonly url: string | null;
  readonly host: string | null;
  readonly settings: ImportSettings;
  /** Of the unpacked file. */
  readonly bytes: number;
  readonly run: number;
  /** The next one of the run. */
  readonly batch: number;
  readonly position: number;
  readonly line: number;
  readonly counts: ImportCounts;
  readonly dryRun: ImportCounts | null;
  readonly undo: ImportUndo | null;
  readonly fault: string | null;
  readonly keyId: string | null;
  readonly epoch: number;
  readonly attempts: number;
  /** Whether a worker has had it since it was started. */
  readonly isBegun: boolean;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly expiresAt: Date;
}

/** A worker's hold on an import. */
export type Hold = Pick<ImportRecord, 'id' | 'appId' | 'epoch'>;
