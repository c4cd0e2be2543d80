import type { Database } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import type { Person } from '../identity/index.ts';
import { LineBlanker } from './line-blanker.ts';
import type { LineRange } from './line-blanker.ts';
import { meaningsOf } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import type { Header } from './csv/read-header.ts';
import { readRows } from './csv/read-rows.ts';
import { NotWanted, packPiece, readBeginning, readPieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { PeopleInRows } from './people-in-rows.ts';
import { replacePiece } from './piece-store.ts';
import { interruptImport } from './turn-store.ts';

/** Of a batch, about. */
const ROWS = 1_000;

/**
 * Blanks the rows of a stored file that name people; how many each had. Whoever works on the file begins anew behind
 * its last batch, so that no row that was read before is written. Memory does not grow with the file.
 */
export async function eraseFromFile(
  database: Database,
  record: ImportRecord,
  people: readonly Person[],
): Promise<number[]> {
  const counts = people.map(() => 0);
  try {
    const ranges = await findLines(database, record, people, counts);
    if (ranges.length > 0) await blank(database, record, ranges);
  } catch (error) {
    // It has ended meanwhile, and its file with it.
    if (!(error instanceof NotWanted)) throw error;
  }
  return counts;
}

async function findLines(
  database: Database,
  record: ImportRecord,
  people: readonly Person[],
  counts: number[],
): Promise<LineRange[]> {
  const header = await headerOf(database, record);
  if (header === null) return [];
  const { delimiter } = header;
  const rows = new PeopleInRows(meaningsOf(header.columns, record.settings).columns, people);
  const ranges: LineRange[] = [];
  const pieces = readPieces(database, record, header.position);
  for await (const batch of readRows(pieces, { delimiter, place: header, rows: ROWS })) {
    for (const [place, row] of batch.rows.entries()) {
      const whose = 'fields' in row ? rows.whose(row.fields) : null;
      if (whose === null) continue;
      const next = batch.rows[place + 1];
      ranges.push({ first: row.line, last: next === undefined ? batch.line : next.line - 1 });
      counts[whose] = (counts[whose] ?? 0) + 1;
    }
  }
  return ranges;
}

/** Null for a file that cannot be read, which nobody is imported from either. */
async function headerOf(database: Database, record: ImportRecord): Promise<Header | null> {
  try {
    return readHeader(await readBeginning(database, record), record.settings.delimiter);
  } catch (error) {
    if (error instanceof ApiError) return null;
    throw error;
  }
}

async function blank(database: Database, record: ImportRecord, ranges: readonly LineRange[]): Promise<void> {
  await database.transaction(async (transaction) => {
    // First: what is under way cannot be committed from here on, and nobody begins before this is.
    await interruptImport(transaction, record);
    const blanker = new LineBlanker(ranges);
    let n = 0;
    for await (const piece of readPieces(transaction, record, 0)) {
      const blanked = blanker.blank(piece);
      if (blanked !== null) await replacePiece(transaction, record, n, await packPiece(blanked));
      if (blanker.isDone) return;
      n += 1;
    }
  });
}
