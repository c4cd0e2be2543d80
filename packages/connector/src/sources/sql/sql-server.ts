import type { UsersModel } from '../../config/config.ts';
import type { Model, Row } from '../../config/fields.ts';
import type { ReachedQuery, ScannedKey, SourceColumn, SourceTable } from '../../model/source.ts';
import type { Statement } from '../place-values.ts';

/** A watched table, as far as reading its rows goes. */
export interface KeyedTable {
  /** `schema.table`. */
  readonly name: string;
  /** Columns of the primary key in its order; empty without one. */
  readonly key: readonly string[];
}

type State = ReachedQuery['becomes'];

/** What a source asks its server, in the server's own SQL. */
export interface SqlStatements {
  /** Every key of the model with a hash of its row; `columns` are the model's. */
  usersScan(users: UsersModel<Row>, columns: readonly SourceColumn[]): Statement;
  /** The model's rows of some keys. */
  usersRows(users: UsersModel<Row>, keys: readonly string[]): Statement;
  /** The columns of a model, and none of its rows: it fails as the model would. */
  columns(model: Model<object>): Statement;
  /** The joined keys of a table's rows that are in a state, all with one hash: being there is what counts. */
  reachedScan(table: KeyedTable, becomes: State): Statement;
  /** At most `limit` rows in a state, in the order of their keys, behind the key `after`. */
  reachedPage(table: KeyedTable, becomes: State, after: readonly string[] | null, limit: number): Statement;
  /** A table's rows of some joined keys. */
  tableRows(table: KeyedTable, keys: readonly string[]): Statement;
}

/** Reads rows as they are now; or as they were at one moment, where it is a snapshot. */
export interface RowReader {
  query(statement: Statement): Promise<readonly Row[]>;
}

/** A connection of its own on which the source stays as it was when it was opened. */
export interface SqlSnapshot extends RowReader {
  release(): Promise<void>;
}

/** The connections to a server. */
export interface SqlServer extends RowReader {
  readonly statements: SqlStatements;
  describe(statement: Statement): Promise<readonly SourceColumn[]>;
  /** Rows of a scan, all of one moment, with memory for a chunk of them. */
  scan(statement: Statement, signal: AbortSignal): AsyncIterable<readonly ScannedKey[]>;
  tables(): Promise<readonly SourceTable[]>;
  /** False when another process holds the lock of this name. It is held until `close`. */
  lock(name: string): Promise<boolean>;
  close(): Promise<void>;
}
