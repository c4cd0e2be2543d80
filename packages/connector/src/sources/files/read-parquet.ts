import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Row } from '../../config/fields.ts';
import { FileBroken } from './file-broken.ts';
import type { FoundRow } from './found-row.ts';
import type { StoredFile } from './stored-file.ts';

const CHUNK = 1000;

/** Rows of Parquet, a group of rows at a time: memory is what the largest group takes. */
export async function* readParquet(
  file: StoredFile,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundRow[]> {
  const ranges = await file.ranges(signal);
  try {
    const metadata = await whole(file, parquetMetadataAsync(ranges));
    let from = 0;
    for (const group of metadata.row_groups) {
      if (signal.aborted) return;
      const to = from + Number(group.num_rows);
      const rows = await whole(
        file,
        parquetReadObjects({ file: ranges, metadata, compressors, rowStart: from, rowEnd: to }),
      );
      if (rows.length !== to - from) throw new FileBroken(file.name, null, 'a group of rows is not whole');
      for (let at = 0; at < rows.length; at += CHUNK) {
        yield rows.slice(at, at + CHUNK).map((row) => ({ row: plainRow(row), line: null }));
      }
      from = to;
    }
  } finally {
    await ranges.close();
  }
}

async function whole<Result>(file: StoredFile, reading: Promise<Result>): Promise<Result> {
  try {
    return await reading;
  } catch (error) {
    // The library throws plain errors for bytes it cannot read; ours and the network's have names of their own.
    if (!(error instanceof Error) || !/^(Range|Type)?Error$/.test(error.name)) throw error;
    throw new FileBroken(file.name, null, `is not whole Parquet (${error.message})`, error);
  }
}

function plainRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, plain(value)]));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value ?? null;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return plainRow(value as Record<string, unknown>);
}
