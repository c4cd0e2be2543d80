import { EXPORT_KINDS } from '@carillon/wire';
import type { ExportKind } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { ExportMaker } from '../../platform/export-files/index.ts';
import type { MessageEventRows } from '../audience/index.ts';
import { columnsOf, readLines } from './export-row-store.ts';
import type { ExportSubject } from './export-subject.ts';
import { writeParquet } from './write-parquet.ts';

/** Makes the files of exports, in a worker. */
export function exportMakers(
  database: Database,
  clock: Clock,
  messageEvents: MessageEventRows,
): Record<ExportKind, ExportMaker> {
  const makerOf =
    (kind: ExportKind): ExportMaker =>
    ({ appId, subject: stored }, onFound) => {
      const subject = stored as unknown as ExportSubject;
      const line = subject.format === 'csv' ? 'csv' : 'json';
      const pages = counted(
        readLines(database, { appId, kind, subject, line, now: clock.now(), messageEvents }),
        onFound,
      );
      const columns = columnsOf(kind, subject);
      switch (subject.format) {
        case 'csv':
          return withHeader(columns.map(({ name }) => name).join(','), pages);
        case 'jsonl':
          return texts(pages, '\n');
        case 'parquet':
          return writeParquet(columns, pages);
      }
    };
  return Object.fromEntries(EXPORT_KINDS.map((kind) => [kind, makerOf(kind)])) as Record<
    ExportKind,
    ExportMaker
  >;
}

async function* counted(
  pages: AsyncIterable<string[]>,
  onFound: (lines: number) => void,
): AsyncGenerator<string[], void, undefined> {
  for await (const page of pages) {
    onFound(page.length);
    yield page;
  }
}

async function* withHeader(
  header: string,
  pages: AsyncIterable<string[]>,
): AsyncGenerator<string, void, undefined> {
  yield `${header}\r\n`;
  yield* texts(pages, '\r\n');
}

async function* texts(pages: AsyncIterable<string[]>, end: string): AsyncGenerator<string, void, undefined> {
  for await (const page of pages) yield page.join(end) + end;
}
