import { setTimeout as pause } from 'node:timers/promises';
import { newsOf, openNewsReader } from '../return-path/news.ts';
import { noteConsents } from './note-consents.ts';
import type { Session } from './session.ts';

const LOOK_EVERY_MS = 500;
const RECORDS = 200;

/** What a receiver, in this process or another, has learned takes effect in this home. */
export async function followReceived(session: Session, signal: AbortSignal): Promise<void> {
  const { connector, home } = session;
  if (connector.back?.receive === undefined) return;
  const reader = openNewsReader(connector);
  while (!signal.aborted) {
    const { records, end } = reader.next(RECORDS);
    if (records.length === 0) {
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    const news = records.map(newsOf);
    await noteConsents(
      session,
      news.flatMap(({ events }) => events),
    );
    await home.rejects.add(
      news.flatMap(({ rejects }) => rejects),
      Date.now(),
    );
    reader.done(end);
  }
}
