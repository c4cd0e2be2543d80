/** A row of a CSV file. Lines count from 1, the first one too, as an editor does; a row begins on its line. */
export type Row =
  | { readonly line: number; readonly fields: readonly string[] }
  /** Nothing can be made of it. */
  | { readonly line: number; readonly fault: string };

/** How far a file is read. */
export interface CsvPlace {
  /** Bytes. */
  readonly position: number;
  /** The last line. */
  readonly line: number;
}

/** Rows that follow each other, and the place behind them. */
export interface RowBatch extends CsvPlace {
  readonly rows: readonly Row[];
}
