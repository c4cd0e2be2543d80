import { targetId } from '../config/fingerprint.ts';
import { keepEvents } from '../return-path/keep-events.ts';
import { noteConsents } from './note-consents.ts';
import type { Session } from './session.ts';

/**
 * The way back: events of messages into the company's table, and what they say of consent into the
 * home. The cursor is kept after both, so a crash in between reads a page again: the event's id keeps
 * it from counting twice.
 */
export async function bringBack(session: Session, signal: AbortSignal): Promise<void> {
  const { connector, destination, home, report, source } = session;
  const { back, users } = connector;
  const { database } = source;
  if (back === null && users === null) return;
  const target = targetId(connector);
  const { feed } = home.state.progress;
  const cursor = feed?.target === target ? feed.cursor : undefined;
  for await (const page of destination.messageEvents(cursor, signal)) {
    await noteConsents(session, page.events);
    if (back !== null && database !== null) {
      const { fresh, rejects } = await keepEvents(database, back, page.events);
      await home.rejects.add(rejects, Date.now());
      if (fresh > 0) report({ kind: 'returned', events: fresh });
    }
    await home.state.commit([], { feed: { target, cursor: page.cursor } });
  }
}
