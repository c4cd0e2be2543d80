import { setTimeout as pause } from 'node:timers/promises';
import type { Back } from '../config/back.ts';
import type { SpoolReader, SpoolWriter } from '../home/spool.ts';
import type { SqlDatabase } from '../model/sql-database.ts';
import { keepEvents } from './keep-events.ts';
import type { KeptEvents } from './keep-events.ts';
import { handOn } from './news.ts';
import { readEvents } from './read-events.ts';

/** Bodies read at once. */
const BODIES = 1000;
const ROWS = 1000;
const LOOK_EVERY_MS = 50;

export interface Drain {
  readonly back: Back;
  readonly received: SpoolReader;
  readonly news: SpoolWriter;
  readonly database: SqlDatabase;
  readonly onKept: (kept: KeptEvents) => void;
}

/**
 * Takes what was received into the table, 1,000 rows at a time, until `signal` ends. What was read is
 * done with when its rows are committed: a crash before that reads it again, and nothing counts twice.
 *
 * @throws what the database says
 */
export async function drainReceived(drain: Drain, signal: AbortSignal): Promise<void> {
  const { back, received, news, database, onKept } = drain;
  while (!signal.aborted) {
    const { records, end } = received.next(BODIES);
    if (records.length === 0) {
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const events = records.flatMap(readEvents);
    for (let at = 0; at < events.length; at += ROWS) {
      const chunk = events.slice(at, at + ROWS);
      // A no is handed on whether or not the table takes its row.
      await handOn(news, { events: chunk, rejects: [] });
      const kept = await keepEvents(database, back, chunk);
      await handOn(news, { events: [], rejects: kept.rejects });
      onKept(kept);
    }
    received.done(end);
  }
}
