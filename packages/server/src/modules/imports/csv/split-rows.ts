import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import type { Row } from './row.ts';

export interface SplitRowsOptions {
  readonly delimiter: string;
  /** The last line before the bytes. */
  readonly line: number;
}

export interface SplitRows {
  readonly rows: readonly Row[];
  /** Bytes of them, and of empty lines between them. What follows is a row that is not whole. */
  readonly done: number;
  readonly lines: number;
}

/** What papaparse's parser of one text answers. */
interface Parsed {
  readonly data: readonly string[][];
  readonly errors: readonly { readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

/** Cuts bytes, which begin with a row and should end with a line, into rows (RFC 4180; lines end in LF or CRLF). */
export function splitRows(bytes: Buffer, { delimiter, line: before }: SplitRowsOptions): SplitRows {
  const isText = isUtf8(bytes);
  // A character for each byte where they are no UTF-8: each field is then looked at by itself.
  let text = bytes.toString(isText ? 'utf8' : 'latin1');
  if (!text.endsWith('\n')) text += '\n';
  const spansLines = text.includes('"');
  const rows: Row[] = [];
  let line = before;
  let done = 0;
  const take = (fields: string[]) => {
    line += 1;
    const row = readRow(fields, line, isText);
    if (spansLines) line += newlinesIn(fields);
    if (row !== null) rows.push(row);
  };
  while (done < text.length) {
    const rest = done === 0 ? text : text.slice(done);
    const { data, errors, meta } = parse(rest, delimiter, 0);
    const bad = errors[0]?.row;
    if (bad === undefined) {
      for (const fields of data) take(fields);
      done += meta.cursor;
      break;
    }
    // A quote in the wrong place: its line is given up, and reading goes on behind it.
    const good = bad === 0 ? null : parse(rest, delimiter, bad);
    for (const fields of good?.data ?? []) take(fields);
    done = text.indexOf('\n', done + (good?.meta.cursor ?? 0)) + 1;
    line += 1;
    rows.push({ line, fault: 'has a quote in the wrong place: a quote in a value is written twice' });
  }
  const isAscii = text.length === bytes.length || !isText;
  const doneBytes = isAscii ? done : Buffer.byteLength(text.slice(0, done));
  return { rows, done: Math.min(doneBytes, bytes.length), lines: line - before };
}

/** With `most`, that many rows: only of a text that has quotes, others are miscounted by the library. */
function parse(text: string, delimiter: string, most: number): Parsed {
  const parser = new Papa.Parser({ delimiter, newline: '\n', preview: most });
  return parser.parse(text, 0, true) as Parsed;
}

/** Null for an empty line. */
function readRow(fields: string[], line: number, isText: boolean): Row | null {
  const last = fields.length - 1;
  if (fields[last]?.endsWith('\r') === true) fields[last] = fields[last].slice(0, -1);
  if (last === 0 && fields[0]?.trim() === '') return null;
  if (isText) return { line, fields };
  const parts = fields.map((field) => Buffer.from(field, 'latin1'));
  return parts.every((part) => isUtf8(part))
    ? { line, fields: parts.map((part) => part.toString('utf8')) }
    : { line, fault: 'is not UTF-8' };
}

function newlinesIn(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at !== -1; at = field.indexOf('\n', at + 1)) count += 1;
  }
  return count;
}
