import { targetId } from '../config/fingerprint.ts';
import { kindOf, writeEvents } from '../sources/postgres/event-table.ts';
import { openPool } from '../sources/postgres/postgres-source.ts';
import type { Session } from './session.ts';

/**
 * The way back: events of messages into the company's table. The cursor is kept after the rows are
 * committed, so a crash in between reads a page again, and the event's id keeps it from counting twice.
 */
export async function bringBack(
  { connector, destination, home, report }: Session,
  signal: AbortSignal,
): Promise<void> {
  const { back } = connector;
  if (back === null) return;
  const keep = back.keep === undefined ? null : new Set(back.keep);
  const target = targetId(connector);
  const { feed } = home.state.progress;
  const pool = openPool(connector.source.url, 1);
  try {
    const cursor = feed?.target === target ? feed.cursor : undefined;
    for await (const page of destination.messageEvents(cursor, signal)) {
      const kept = page.events.filter((event) => keep === null || keep.has(kindOf(event)));
      const fresh = kept.length === 0 ? 0 : await writeEvents(pool, back.table, kept);
      await home.state.commit([], { feed: { target, cursor: page.cursor } });
      if (fresh > 0) report({ kind: 'returned', events: fresh });
    }
  } finally {
    await pool.end();
  }
}
