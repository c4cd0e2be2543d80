import { readingSettings } from './reading-settings.ts';
import type { ReadingOptions, ReadingSettings } from './reading-settings.ts';

/** Rows in a file of SQLite. */
export interface SqliteSource extends ReadingSettings {
  readonly kind: 'sqlite';
  readonly path: string;
}

/**
 * Rows in a file of SQLite, read by looking: `every` (1m when absent) is the pause between two looks, and a look
 * at a file that nobody has written to costs next to nothing.
 */
export function sqlite(
  options: Pick<ReadingOptions, 'every'> & {
    /** The file; the application that owns it may go on writing. */
    readonly path: string;
  },
): SqliteSource {
  return { kind: 'sqlite', path: options.path, ...readingSettings({ ...options, changes: 'diff' }) };
}
