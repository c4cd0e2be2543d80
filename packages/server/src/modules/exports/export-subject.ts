import type { ExportFilter, ExportFormat } from '@carillon/wire';
import type { Expression } from '../audience/index.ts';

/** What is in a file. Plain JSON: it is stored until the file is made. */
export interface ExportSubject {
  readonly format: ExportFormat;
  /** `documented`: as POST /players/csv_export gives it: times without a zone, `t` and `f`. */
  readonly spelling: 'ours' | 'documented';
  readonly columns: readonly string[];
  /** As it was asked for. */
  readonly filter: ExportFilter;
  /** The segment of the filter, as it was when it was asked for. */
  readonly segment: Expression | null;
}
