import type { Row } from '../config/fields.ts';
import type { Change } from './transition.ts';

/** How changes are read, and why this way. */
export interface ChangeReading {
  readonly mode: 'cdc' | 'cursor';
  readonly why: string;
}

/** One precondition, looked at. `fix` is what to do, as a command where there is one. */
export interface Finding {
  readonly what: string;
  readonly state: 'good' | 'warning' | 'refused';
  readonly detail: string;
  readonly fix: string | null;
}

/** Changes in the order of their commits. */
export interface ChangeBatch {
  readonly changes: readonly Change[];
  /**
   * Tells the source that everything up to here is kept. Only after the batch is on the disk. Gives
   * what the connector must keep for itself to go on from here: nothing where the source remembers.
   */
  acknowledge(): Readonly<Record<string, string>>;
}

/** A trigger's rows: those of a table that have reached a state. */
export interface ReachedQuery {
  readonly table: string;
  readonly becomes: Readonly<Record<string, unknown>>;
}

export type BeginReason =
  /** The source remembers where we were. */
  | 'resumed'
  /** Nothing was there: what is now is the beginning. */
  | 'first'
  /** The source has forgotten: changes since the last acknowledgement must be found by comparing. */
  | 'lost';

/** Where changes begin: a moment at which the source can be read as it was then. */
export interface Beginning {
  readonly reason: BeginReason;
  /** What to keep, with the note that the beginning is finished, for `changes` to go on from. */
  readonly cursors: Readonly<Record<string, string>>;
  /** Rows that had reached a state at that moment, by chunks, as if they had just changed. */
  reached(query: ReachedQuery): AsyncIterable<readonly Change[]>;
  /** Lets go of the moment. */
  release(): Promise<void>;
}

/** Where rows come from. */
export interface Source {
  readonly reading: ChangeReading;
  /** The next keys of the users model after one of them, in order. */
  keys(after: string | null, limit: number): Promise<readonly string[]>;
  /** The model's rows of these keys; those that are gone are left out. */
  rows(keys: readonly string[]): Promise<readonly Row[]>;
  /** Gets ready to read changes. `known`: an earlier run had begun and finished its beginning. */
  begin(known: boolean, signal: AbortSignal): Promise<Beginning>;
  /** Changes since the beginning, for ever. `cursors` is what earlier batches gave to keep. */
  changes(cursors: Readonly<Record<string, string>>, signal: AbortSignal): AsyncIterable<ChangeBatch>;
  /** False when another process works under the same connector's name. */
  lock(): Promise<boolean>;
  close(): Promise<void>;
}
