import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';

/** A statement whose values stand where `dialect.place` says. */
export interface WarehouseStatement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A warehouse that runs statements and gives their rows in parts. */
export interface Warehouse {
  readonly dialect: Dialect;
  /** Rows in parts; memory is what one part takes. */
  query(statement: WarehouseStatement, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  /** The columns of a statement's rows. */
  describe(statement: WarehouseStatement): Promise<readonly SourceColumn[]>;
  close(): Promise<void>;
}

/** How a warehouse writes what statements need. `m` is the name of the rows that are read. */
export interface Dialect {
  readonly name: string;
  quote(name: string): string;
  /** Where value number `at`, from 1 on, stands in a statement. */
  place(at: number): string;
  /** Numbered places are written once for a value; others once for each use. */
  readonly placesAreNumbered: boolean;
  asText(expression: string, column: SourceColumn | null): string;
  /** 16 hexadecimal digits over all columns of a row. */
  rowHash(columns: readonly SourceColumn[]): string;
  /** Texts as one value, and the condition that `expression` is one of them. */
  among(
    expression: string,
    texts: readonly string[],
    from: number,
  ): { condition: string; values: readonly unknown[] };
}
