import type { Row } from '../../config/fields.ts';
import type { SourceColumn } from '../../model/source.ts';
import type { TimedTable } from '../cursor-reader.ts';

/** A service of records that are read over HTTP. An object is what others call a table. */
export interface Crm {
  readonly name: string;
  /** The field that tells records apart. */
  readonly key: string;
  /** All records of an object, in parts. */
  scan(object: string, signal: AbortSignal): AsyncIterable<readonly Row[]>;
  /** Records by their ids; without those that are gone. */
  byIds(object: string, ids: readonly string[], signal: AbortSignal): Promise<readonly Row[]>;
  /** Records by the time of their change. */
  timed(object: string, table: string, signal: AbortSignal): TimedTable;
  /** Was this record, found by the time of its change, deleted? */
  isDeleted(row: Row): boolean;
  /** The wanted fields of an object, in their order. @throws ConfigInvalid for a field that it has not. */
  describe(object: string, signal: AbortSignal): Promise<readonly SourceColumn[]>;
}
