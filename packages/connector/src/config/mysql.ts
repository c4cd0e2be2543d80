import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Rows in MySQL or MariaDB. */
export interface MysqlSource extends ReadingSettings {
  readonly kind: 'mysql';
  readonly url: string;
}

/**
 * Rows in MariaDB 10.6 or newer, or MySQL 8. 'auto' takes the binary log where the server writes one of
 * whole rows and the login may read it. Tables without a schema in their name are those of the URL's
 * database.
 */
export function mysql(
  options: ReadingOptions & {
    /** mysql://user:password@host:port/database; a user that may read, and REPLICATION SLAVE for 'cdc'. */
    readonly url: string;
  },
): MysqlSource {
  return { kind: 'mysql', url: options.url, ...readingSettings(options) };
}
