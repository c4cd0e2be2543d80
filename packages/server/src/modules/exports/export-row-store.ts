import type { ExportKind } from '@carillon/wire';
import { statement } from '../../platform/database/database.ts';
import type { Database } from '../../platform/database/database.ts';
import { Parameters } from '../audience/index.ts';
import type { MessageEventRows } from '../audience/index.ts';
import type { Column } from './column.ts';
import { EXPORT_SOURCES } from './export-sources.ts';
import type { ExportSubject } from './export-subject.ts';

const ROWS_A_FETCH = 2_000;

export interface RowsRequest {
  readonly appId: string;
  readonly kind: ExportKind;
  readonly subject: ExportSubject;
  /** What a row's line is: CSV without its end, or JSON. */
  readonly line: 'csv' | 'json';
  /** Milliseconds. */
  readonly now: number;
  readonly messageEvents: MessageEventRows;
}

/** The columns of a file, in its order. */
export function columnsOf(kind: ExportKind, { columns }: ExportSubject): Column[] {
  const known = new Map(EXPORT_SOURCES[kind].columns.map((one) => [one.name, one]));
  return columns.flatMap((name) => known.get(name) ?? []);
}

/**
 * The lines of all rows as they are at one moment, a few thousand at a time: the database writes them, because it
 * does so with less work than it takes to hand the values over.
 */
export async function* readLines(
  database: Database,
  { appId, kind, subject, line, now, messageEvents }: RowsRequest,
): AsyncGenerator<string[], void, undefined> {
  const parameters = new Parameters([]);
  const app = parameters.add(appId, 'uuid');
  const from = EXPORT_SOURCES[kind].from({ appId, app, subject, parameters, now, messageEvents });
  const written = columnsOf(kind, subject).map(
    (column) => `${writtenAs(column, line, subject.spelling)} as "${column.name}"`,
  );
  const text = `select ${line === 'csv' ? 'r' : 'to_json(r)'}::text as line
    from (select ${written.join(', ')} ${from}) r`;
  // Without a name: a cursor's statement is planned each time.
  const parts = database.inParts<{ line: string }>(statement('', text), parameters.values, ROWS_A_FETCH);
  const lineOf = line === 'csv' ? csvOf : (json: string) => json;
  for await (const rows of parts) yield rows.map((row) => lineOf(row.line));
}

/**
 * Of a row as PostgreSQL writes rows: `(a,"b ""c""",,t)`. That is a line of CSV between its parentheses, once the
 * backslashes that it doubles are single again, and costs a tenth of quoting each value. Not in the statement, whose
 * functions count the characters.
 */
function csvOf(record: string): string {
  const line = record.slice(1, -1);
  return line.includes('\\\\') ? line.replaceAll('\\\\', '\\') : line;
}

function writtenAs({ type, sql }: Column, line: 'csv' | 'json', spelling: ExportSubject['spelling']): string {
  switch (type) {
    case 'time':
      return spelling === 'documented'
        ? `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')`
        : `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    case 'boolean':
      // A row of booleans is written with t and f.
      return line === 'csv' && spelling === 'ours' ? `(${sql})::text` : sql;
    case 'text':
    case 'integer':
    case 'number':
    case 'json':
      return sql;
  }
}
