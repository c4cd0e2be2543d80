import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

export type CellType = 'text' | 'number' | 'boolean' | 'time' | 'json';

/** A table that is one file or several. */
export interface FileTable {
  /** A path, `https://…` or `s3://bucket/key`; `*` in the last part of a path or key stands for several files. */
  readonly path: string;
  /** By the name when absent: .csv, .tsv, .jsonl, .ndjson or .parquet, each also with .gz. */
  readonly format?: 'csv' | 'jsonl' | 'parquet';
  /** The columns that tell rows apart, for a table that a trigger names. */
  readonly key?: string | readonly string[];
  /** What the texts of a column stand for; text when absent. For CSV and JSONL. */
  readonly types?: Readonly<Record<string, CellType>>;
  /** CSV: between two fields; ',' when absent, and a tab for .tsv. */
  readonly delimiter?: string;
  /** CSV: around a field; '"' when absent. */
  readonly quote?: string;
  /** CSV: the names of the columns, for files without a line of names. */
  readonly columns?: readonly string[];
  /** https://: headers that let us in. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Keys for S3, or for a store that speaks its wire. */
export interface S3Access {
  /** us-east-1 when absent, or what AWS_REGION says. */
  readonly region?: string;
  /** The address of another store, for instance MinIO's: http://localhost:9000. */
  readonly endpoint?: string;
  /** From AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) when absent. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
}

/** Rows in files. */
export interface FilesSource extends ReadingSettings {
  readonly kind: 'files';
  readonly tables: Readonly<Record<string, FileTable>>;
  readonly s3: S3Access;
}

/**
 * Rows in CSV, JSON Lines or Parquet files, read by looking: `every` (1m when absent) is the pause between two looks.
 * A look at files that have not changed reads none of them.
 *
 * @example files({ tables: { customers: 'export/customers.csv', orders: { path: 's3://shop/orders-*.parquet', key: 'id' } } })
 */
export function files(
  options: Pick<ReadingOptions, 'every'> & {
    /** The table `users`, where there is no other. */
    readonly users?: string | FileTable;
    /** Name to file; `sql\`SELECT * FROM name\`` makes it the users model. */
    readonly tables?: Readonly<Record<string, string | FileTable>>;
    readonly s3?: S3Access;
  },
): FilesSource {
  const given = { ...(options.users !== undefined && { users: options.users }), ...options.tables };
  return {
    kind: 'files',
    tables: Object.fromEntries(
      Object.entries(given).map(([name, table]) => [
        name,
        typeof table === 'string' ? { path: table } : table,
      ]),
    ),
    s3: options.s3 ?? {},
    ...readingSettings({ ...options, changes: 'diff' }),
  };
}
