import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Papa from 'papaparse';
import { from } from 'pg-copy-streams';
import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';
import { COLUMNS, fileOf } from './people-file.ts';

/** Rows a second that the parser and one COPY reach: into one table of texts, without keys, indexes or rules. */
export async function bareImportRate(database: Database, rows: number): Promise<number> {
  await database.run(statement('', 'drop table if exists bare_import'));
  await database.run(
    statement('', `create table bare_import (${COLUMNS.map((name) => `${name} text`).join(', ')})`),
  );
  const start = performance.now();
  const session = await database.session();
  await pipeline(Readable.from(linesOf(rows)), session.query(from('copy bare_import from stdin')));
  session.release();
  const rate = (rows / (performance.now() - start)) * 1_000;
  await database.run(statement('', 'drop table bare_import'));
  // What it left to be written is not to be paid for by what is measured next.
  await database.run(statement('', 'checkpoint'));
  return rate;
}

function* linesOf(rows: number): Generator<string> {
  const parser = new Papa.Parser({ delimiter: ',', newline: '\r\n' });
  let isFirst = true;
  for (const piece of fileOf(rows)) {
    if (!isFirst) {
      const { data } = parser.parse(piece.toString(), 0, true) as { data: string[][] };
      yield `${data.map((fields) => fields.join('\t')).join('\n')}\n`;
    }
    isFirst = false;
  }
}
