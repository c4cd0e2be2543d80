import { ApiError } from '../../../platform/http/api-error.ts';
import type { CsvPlace } from './row.ts';
import { splitRows } from './split-rows.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
const MOST_COLUMNS = 1_100;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** UTF-16, as spreadsheets save it under the name of Unicode. */
const WIDE = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

export interface Header extends CsvPlace {
  readonly delimiter: string;
  readonly columns: readonly string[];
}

/**
 * The first line of a file, which names its columns, and the place behind it. `first` is the beginning of the file.
 * Throws ApiError `import-unreadable`.
 */
export function readHeader(first: Buffer, given: string | undefined): Header {
  if (WIDE.some((mark) => first.subarray(0, 2).equals(mark))) {
    throw unreadable('it is UTF-16. Save it as UTF-8');
  }
  const mark = first.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  const newline = first.indexOf(0x0a);
  const end = newline === -1 ? first.length : newline + 1;
  const bytes = first.subarray(mark, end);
  const text = bytes.toString('utf8');
  if (text.trim() === '') throw unreadable('its first line must name the columns, and is empty');
  if (text.replace(/\r?\n$/, '').includes('\r')) throw unreadable('its lines must end in LF or CRLF');
  const delimiter = given ?? likeliest(text);
  const [row] = splitRows(bytes, { delimiter, line: 0 }).rows;
  if (row === undefined || 'fault' in row) {
    throw unreadable(
      `its first line must name the columns, and ${row?.fault ?? 'has a quote that is not closed'}`,
    );
  }
  return { delimiter, columns: readNames(row.fields), position: end, line: 1 };
}

function readNames(fields: readonly string[]): string[] {
  if (fields.length > MOST_COLUMNS)
    throw unreadable(`it has ${fields.length} columns: ${MOST_COLUMNS} is the most`);
  const names = fields.map((name) => name.trim());
  names.forEach((name, place) => {
    if (name === '') throw unreadable(`column ${place + 1} has no name in the first line`);
    if (names.indexOf(name) !== place) throw unreadable(`the column "${name}" is there twice`);
  });
  return names;
}

function likeliest(line: string): string {
  const bare = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

function unreadable(reason: string): ApiError {
  return new ApiError('import-unreadable', { params: { reason } });
}
