import { parseDuration } from './duration.ts';

/** How the changes of a source are to be read: what every kind of source has in common. */
export interface ReadingSettings {
  /** 'auto' takes the best that the source allows. */
  readonly changes: 'auto' | 'cdc' | 'cursor' | 'diff';
  /** Cursor mode: the column that every change of a row sets to the current time. */
  readonly changedAt: string;
  /** Cursor mode: how far back each poll looks again for changes committed late, in milliseconds. */
  readonly overlapMs: number;
  /** Diff mode: the pause between two looks at everything, in milliseconds. */
  readonly everyMs: number;
  /** Other modes: how often everything is compared all the same, in milliseconds; null for never. */
  readonly reconcileMs: number | null;
}

/** The same as people write them. */
export interface ReadingOptions {
  readonly changes?: ReadingSettings['changes'];
  /** Cursor mode: the column that every change of a row sets to the current time; updated_at when absent. */
  readonly changedAt?: string;
  /** Cursor mode: how long a transaction may stay open and still be seen; 5m when absent. */
  readonly overlap?: string;
  /** Diff mode: the pause between two looks at everything; 1m when absent. */
  readonly every?: string;
  /** Other modes: how often everything is compared all the same; 'never', or 1d when absent. */
  readonly reconcile?: string;
}

export function readingSettings(options: ReadingOptions): ReadingSettings {
  const reconcile = options.reconcile ?? '1d';
  return {
    changes: options.changes ?? 'auto',
    changedAt: options.changedAt ?? 'updated_at',
    overlapMs: parseDuration('source.overlap', options.overlap ?? '5m'),
    everyMs: parseDuration('source.every', options.every ?? '1m'),
    reconcileMs: reconcile === 'never' ? null : parseDuration('source.reconcile', reconcile),
  };
}
