import type { Row } from '../../config/fields.ts';

/** A row and the line it ends at; null where the format has no lines. */
export interface FoundRow {
  readonly row: Row;
  readonly line: number | null;
}
