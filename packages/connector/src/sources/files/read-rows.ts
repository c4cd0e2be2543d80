import type { FileTable } from '../../config/files.ts';
import { ConfigInvalid } from '../../config/config-invalid.ts';
import { loadPart } from '../load-part.ts';
import type { FoundRow } from './found-row.ts';
import type { StoredFile } from './stored-file.ts';

/**
 * The rows of a file in their order. Memory does not grow with their number.
 *
 * @throws FileBroken at the first line that is not whole, ConfigInvalid where the reader of the format is not installed.
 */
export async function* readRows(
  file: StoredFile,
  table: FileTable,
  signal: AbortSignal,
): AsyncGenerator<readonly FoundRow[]> {
  switch (formatOf(file.name, table)) {
    case 'csv': {
      const { readCsv } = await loadPart('csv-parse', () => import('./read-csv.ts'));
      return yield* readCsv(file, table, signal);
    }
    case 'jsonl': {
      const { readJsonl } = await import('./read-jsonl.ts');
      return yield* readJsonl(file, table, signal);
    }
    case 'parquet': {
      const { readParquet } = await loadPart('hyparquet', () => import('./read-parquet.ts'));
      return yield* readParquet(file, signal);
    }
  }
}

function formatOf(name: string, { format }: FileTable): NonNullable<FileTable['format']> {
  if (format !== undefined) return format;
  const [, ending = ''] = /\.(\w+?)(?:\.gz)?$/.exec(name.toLowerCase()) ?? [];
  if (ending === 'csv' || ending === 'tsv') return 'csv';
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl';
  if (ending === 'parquet') return 'parquet';
  throw new ConfigInvalid(
    'source.tables',
    `${name} does not say what it is: add format: 'csv', 'jsonl' or 'parquet'`,
  );
}
