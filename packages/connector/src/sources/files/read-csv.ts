import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { FileTable } from '../../config/files.ts';
import { FileBroken } from './file-broken.ts';
import type { FoundRow } from './found-row.ts';
import type { StoredFile } from './stored-file.ts';
import { typedRow } from './typed-row.ts';
import { unzipped } from './unzip.ts';

const CHUNK = 1000;

interface Parsed {
  readonly record: readonly (string | null)[];
  readonly info: { readonly lines: number };
}

/** Rows of CSV. A field with nothing in it is null; one with nothing between quotes is the empty text. */
export async function* readCsv(
  file: StoredFile,
  table: FileTable,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundRow[]> {
  const bytes = Readable.from(unzipped(await file.open(signal), file.name), { objectMode: false });
  const parser = parse({
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    delimiter: table.delimiter ?? (/\.tsv(\.gz)?$/i.test(file.name) ? '\t' : ','),
    quote: table.quote ?? '"',
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  });
  bytes.once('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  let columns = table.columns ?? null;
  let line = 1;
  let chunk: FoundRow[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (signal.aborted) return;
      if (columns === null) columns = namesOf(record, file.name);
      else {
        chunk.push({ row: rowOf(record, columns, table, file.name, info.lines), line: info.lines });
        if (chunk.length === CHUNK) {
          yield chunk;
          chunk = [];
        }
      }
      line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FileBroken(file.name, line, sentenceOf(error), error);
  } finally {
    bytes.destroy();
    parser.destroy();
  }
  if (columns === null) throw new FileBroken(file.name, null, 'has no line of names');
  if (chunk.length > 0) yield chunk;
}

function namesOf(record: readonly (string | null)[], file: string): string[] {
  const names = record.map((name) => (name ?? '').trim());
  const unnamed = names.indexOf('');
  if (unnamed >= 0) throw new FileBroken(file, 1, `column ${unnamed + 1} has no name`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new FileBroken(file, 1, `two columns are named ${twice}`);
  return names;
}

function rowOf(
  record: readonly (string | null)[],
  columns: readonly string[],
  table: FileTable,
  file: string,
  line: number,
) {
  if (record.length < columns.length) {
    throw new FileBroken(file, line, `ends before ${columns[record.length]}: ${fields(record, columns)}`);
  }
  if (record.length > columns.length) {
    throw new FileBroken(file, line, `goes on after ${columns.at(-1)}: ${fields(record, columns)}`);
  }
  const row = Object.fromEntries(columns.map((column, at) => [column, record[at] ?? null]));
  return typedRow(row, table.types ?? {}, file, line);
}

function fields(record: readonly unknown[], columns: readonly string[]): string {
  return `${record.length} fields where there are ${columns.length} columns`;
}

/** The library's sentences quote the line, which may be personal. */
function sentenceOf({ code }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  if (code === 'INVALID_OPENING_QUOTE') return 'a quote begins in the middle of a field';
  if (code === 'CSV_INVALID_CLOSING_QUOTE') return 'a quote ends in the middle of a field';
  return `is not CSV (${code})`;
}
