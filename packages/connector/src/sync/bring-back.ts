import { targetId } from '../config/fingerprint.ts';
import { eventRow } from '../model/event-row.ts';
import type { Session } from './session.ts';

/**
 * The way back: events of messages into the company's table. The cursor is kept after the rows are
 * committed, so a crash in between reads a page again, and the event's id keeps it from counting twice.
 */
export async function bringBack(
  { connector, destination, home, report, source }: Session,
  signal: AbortSignal,
): Promise<void> {
  const { back } = connector;
  const { database } = source;
  if (back === null || database === null) return;
  const keep = back.keep === undefined ? null : new Set(back.keep);
  const target = targetId(connector);
  const { feed } = home.state.progress;
  const cursor = feed?.target === target ? feed.cursor : undefined;
  for await (const page of destination.messageEvents(cursor, signal)) {
    const kept = page.events.map(eventRow).filter(({ kind }) => keep === null || keep.has(kind));
    const fresh =
      kept.length === 0
        ? 0
        : await database.transaction(async (transaction) => {
            return (await transaction.insertEvents(back.table, kept)).size;
          });
    await home.state.commit([], { feed: { target, cursor: page.cursor } });
    if (fresh > 0) report({ kind: 'returned', events: fresh });
  }
}
