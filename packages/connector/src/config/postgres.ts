import type { PostgresSource } from './config.ts';
import { parseDuration } from './duration.ts';

/** Rows in PostgreSQL 15 or newer. */
export function postgres(options: {
  /** postgres://user:password@host:port/database; a user that may read, and replicate for 'cdc'. */
  readonly url: string;
  readonly changes?: PostgresSource['changes'];
  /** Cursor mode: the column that every change of a row sets to the current time; updated_at when absent. */
  readonly changedAt?: string;
  /** Cursor mode: how long a transaction may stay open and still be seen; 5m when absent. */
  readonly overlap?: string;
}): PostgresSource {
  return {
    kind: 'postgres',
    url: options.url,
    changes: options.changes ?? 'auto',
    changedAt: options.changedAt ?? 'updated_at',
    overlapMs: parseDuration('source.overlap', options.overlap ?? '5m'),
  };
}
