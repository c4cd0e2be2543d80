import type { Back } from '../config/back.ts';
import type { SpoolReader, SpoolWriter } from '../home/spool.ts';
import type { SqlDatabase } from '../model/sql-database.ts';
import { keepEvents } from './keep-events.ts';
import type { KeptEvents } from './keep-events.ts';
import { handOn } from './news.ts';
import { readAhead } from './read-ahead.ts';
import type { ReceivedEvent } from './read-events.ts';

/** Rows of one transaction: a single body may hold thousands of events. */
const MOST_ROWS = 2000;

export interface Drain {
  readonly back: Back;
  readonly received: SpoolReader;
  readonly news: SpoolWriter;
  readonly database: SqlDatabase;
  readonly onKept: (kept: KeptEvents) => void;
}

/**
 * Takes what was received into the table, about 1,000 rows at a time, until `signal` ends; while the
 * database works on some, the next ones are read. What was read is done with when its rows are committed:
 * a crash before that reads it again, and nothing counts twice.
 *
 * @throws what the database says
 */
export async function drainReceived(drain: Drain, signal: AbortSignal): Promise<void> {
  const inner = new AbortController();
  const batches = readAhead(drain.received, AbortSignal.any([signal, inner.signal]));
  const read = () => {
    const next = batches.next();
    // It is looked at later, or never where the table has failed before.
    next.catch(() => undefined);
    return next;
  };
  try {
    for (let next = read(); ;) {
      const batch = await next;
      if (batch.done === true) return;
      next = read();
      const { events, end } = batch.value;
      for (let at = 0; at < events.length; at += MOST_ROWS)
        await take(drain, events.slice(at, at + MOST_ROWS));
      drain.received.done(end);
    }
  } finally {
    inner.abort();
  }
}

async function take(
  { back, news, database, onKept }: Drain,
  events: readonly ReceivedEvent[],
): Promise<void> {
  // A no is handed on whether or not the table takes its row.
  await handOn(news, { events, rejects: [] });
  const kept = await keepEvents(database, back, events);
  await handOn(news, { events: [], rejects: kept.rejects });
  onKept(kept);
}
