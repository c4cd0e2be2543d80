import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Rows in PostgreSQL. */
export interface PostgresSource extends ReadingSettings {
  readonly kind: 'postgres';
  readonly url: string;
  /** The server's slots may hold back as much as its disk holds, and that is accepted. */
  readonly unlimitedSlot: boolean;
}

/** Rows in PostgreSQL 15 or newer. 'auto' takes logical replication where the server allows it. */
export function postgres(
  options: ReadingOptions & {
    /** postgres://user:password@host:port/database; a user that may read, and replicate for 'cdc'. */
    readonly url: string;
    /** Accept that the server sets no limit to what a slot may hold back; not when absent. */
    readonly unlimitedSlot?: boolean;
  },
): PostgresSource {
  return {
    kind: 'postgres',
    url: options.url,
    unlimitedSlot: options.unlimitedSlot ?? false,
    ...readingSettings(options),
  };
}
