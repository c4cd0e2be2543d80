import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Rows in PostgreSQL. */
export interface PostgresSource extends ReadingSettings {
  readonly kind: 'postgres';
  readonly url: string;
}

/** Rows in PostgreSQL 15 or newer. 'auto' takes logical replication where the server allows it. */
export function postgres(
  options: ReadingOptions & {
    /** postgres://user:password@host:port/database; a user that may read, and replicate for 'cdc'. */
    readonly url: string;
  },
): PostgresSource {
  return { kind: 'postgres', url: options.url, ...readingSettings(options) };
}
