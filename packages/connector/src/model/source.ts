import type { Row } from '../config/fields.ts';
import type { SqlDatabase } from './sql-database.ts';
import type { Change } from './transition.ts';

/**
 * How changes are read. `cdc`: the source tells each one. `cursor`: rows are found by the time of their
 * change. `diff`: everything is looked at, and compared with what was seen last.
 */
export type ReadingMode = 'cdc' | 'cursor' | 'diff';

/** How changes are read, and why this way. */
export interface ChangeReading {
  readonly mode: ReadingMode;
  readonly why: string;
}

/** One precondition, looked at. `fix` is what to do, as a command where there is one. */
export interface Finding {
  readonly what: string;
  readonly state: 'good' | 'warning' | 'refused';
  readonly detail: string;
  readonly fix: string | null;
}

/** Where changes have been read to, by the source's own names for its parts. Kept by the connector. */
export type Cursors = Readonly<Record<string, string>>;

/** Changes in the order of their commits. */
export interface ChangeBatch {
  readonly changes: readonly Change[];
  /** What to keep, once the batch is on the disk, to go on from here; the other cursors stay as they are. */
  readonly cursors: Cursors;
  /** Tells the source that it may forget everything up to here. Only after `cursors` are kept. */
  acknowledge(): void;
}

/** A trigger's rows: those of a table that have reached a state. */
export interface ReachedQuery {
  /** `schema.table`, as `qualified` writes it. */
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
  /** What to keep, with the note that the beginning is finished, for `read` to go on from. */
  readonly cursors: Cursors;
  /** Rows that had reached a state at that moment, by chunks, as if they had just changed. */
  reached(query: ReachedQuery): AsyncIterable<readonly Change[]>;
  /** Lets go of the moment. */
  release(): Promise<void>;
}

/** Changes as they come, where the source can tell them. */
export interface ChangeFeed {
  /** Gets ready to read changes. `known` is what an earlier run has kept; null where its beginning was never finished. */
  begin(known: Cursors | null, signal: AbortSignal): Promise<Beginning>;
  /** Changes since the beginning, until `signal` ends. */
  read(cursors: Cursors, signal: AbortSignal): AsyncIterable<ChangeBatch>;
}

/** A key with a hash of its row: equal rows have equal hashes. */
export interface ScannedKey {
  /** As text: what `rows` takes. The values of a composite key are joined by `joinKey`. */
  readonly key: string;
  /** 64 bits, as 16 hexadecimal digits. */
  readonly hash: string;
}

/** What to scan: the users model, or the rows of a table that have reached a trigger's state. */
export type ScanQuery = { readonly of: 'users' } | ({ readonly of: 'reached' } & ReachedQuery);

/** A column of a table or of a model, for generated types. */
export interface SourceColumn {
  readonly name: string;
  /** The type of its values as TypeScript writes it, without null: `string`, `number`, `Date` ... */
  readonly type: string;
  readonly nullable: boolean;
}

export interface SourceTable {
  /** As a configuration names it: without `public.`, or without the only schema there is. */
  readonly name: string;
  readonly columns: readonly SourceColumn[];
  /** Columns of the primary key in its order; empty without one. */
  readonly key: readonly string[];
}

/**
 * Where rows come from. Everything above reads any kind of source through this: what a source cannot
 * do is null, and never an error in the middle of a run.
 */
export interface Source {
  readonly reading: ChangeReading;
  /**
   * Every key with a hash of its row, once each, in any order and in chunks: the merge sorts what
   * comes unsorted. Memory does not grow with the number of rows. Rows of one moment where possible.
   */
  scan(query: ScanQuery, signal: AbortSignal): AsyncIterable<readonly ScannedKey[]>;
  /**
   * What `scan` of this query would come to, told cheaply: equal texts mean that nothing has changed and
   * the scan can be spared. null where the source cannot tell.
   */
  version(query: ScanQuery): Promise<string | null>;
  /** The users model's rows of these keys; those that are gone are left out. Hundreds of keys at a time. */
  rows(keys: readonly string[]): Promise<readonly Row[]>;
  /** The rows of a trigger's table by their scanned keys, as if they had just changed; without those gone. */
  changed(table: string, keys: readonly string[]): Promise<readonly Change[]>;
  /** null in mode `diff`: then the source is looked at again and again. */
  readonly changes: ChangeFeed | null;
  /** False when another process works under the same connector's name. */
  lock(): Promise<boolean>;
  /** Looks at every precondition. Changes nothing. */
  check(): Promise<readonly Finding[]>;
  /** What there is to read, for `init` and `types`. */
  tables(): Promise<readonly SourceTable[]>;
  /** The columns of the users model; empty without one. */
  modelColumns(): Promise<readonly SourceColumn[]>;
  /** For the way back; null where the source is no SQL database that can be written to. */
  readonly database: SqlDatabase | null;
  close(): Promise<void>;
}
