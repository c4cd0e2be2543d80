import type { ImportRejection } from '@carillon/wire';
import type { ApiError } from '../../platform/http/api-error.ts';

/** A row that is not imported: thrown while it is read. */
export class RowRejected extends Error {
  readonly column: string | null;
  readonly rule: string;

  constructor(column: string | null, rule: string) {
    super(rule);
    this.column = column;
    this.rule = rule;
  }
}

/** The column by which a field of a write is written. */
export type ColumnOfField = (field: string, rule: string) => string | null;

/** What a refusal of users is, said of a row of a file: by the name of its column, and without the value. */
export function rejectionOf(line: number, error: ApiError, columnOf: ColumnOfField): ImportRejection {
  const { code, message, params, meta } = error;
  if (code !== 'request-invalid') {
    const about = Object.keys(meta ?? {}).join(' ');
    return { line, column: columnOf(code, about), rule: message };
  }
  const { field = '', rule = '' } = params;
  const said = String(rule).replace(/\. Given: .*$/s, '');
  const column = columnOf(String(field), said);
  return { line, column, rule: column === null ? `${field} ${said}` : said };
}

/** As a line of CSV. */
export function rejectionLine({ line, column, rule }: ImportRejection): string {
  return `${line},${quoted(column ?? '')},${quoted(rule)}\r\n`;
}

export const REJECTION_HEADER = 'line,column,rule\r\n';

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
