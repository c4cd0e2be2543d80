import type { ExportFilter } from '@carillon/wire';
import type { MessageEventRows, Parameters } from '../audience/index.ts';
import type { Column } from './column.ts';
import type { ExportSubject } from './export-subject.ts';

export interface SourceRequest {
  readonly appId: string;
  /** Stands for the app's id in the text. */
  readonly app: string;
  readonly subject: ExportSubject;
  readonly parameters: Parameters;
  /** Milliseconds. */
  readonly now: number;
  /** What segments ask of events of messages. */
  readonly messageEvents: MessageEventRows;
}

/** Where the rows of one kind come from. */
export interface ExportSource {
  readonly columns: readonly Column[];
  /** Of those, the ones that are in the file when none are asked for. */
  readonly usual: readonly string[];
  /** The filters that the kind has. */
  readonly filters: readonly (keyof ExportFilter)[];
  readonly required: readonly (keyof ExportFilter)[];
  /** The part of the statement from `from` on. */
  readonly from: (request: SourceRequest) => string;
}
