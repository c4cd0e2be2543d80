import type { Entry } from '../home/sorted-table.ts';
import { planItems } from '../model/plan-items.ts';
import type { Beginning } from '../model/source.ts';
import { qualified, transitionDigest, transitionId } from '../model/transition.ts';
import { triggersOf } from '../model/triggers.ts';
import type { Trigger } from '../model/triggers.ts';
import { beginByLooking } from './begin-by-looking.ts';
import { askForPass } from './pass-over.ts';
import type { Change } from '../model/transition.ts';
import type { Session } from './session.ts';

/** Kept under a transition that happened before the connector watched. */
export const HISTORY = '1'.padStart(32, '0');

/**
 * Gets the source ready and settles the past. First time: rows that have reached a trigger's state
 * already are history and stay silent, whatever is changed in them later. After the source lost our
 * place: such rows fire unless they did before, and all users are compared again.
 */
export async function beginReading(session: Session, signal: AbortSignal): Promise<void> {
  const { source, home, report } = session;
  const { seeded, cursors } = home.state.progress;
  const known = seeded === null ? null : cursors;
  const beginning = await (source.changes?.begin(known, signal) ?? beginByLooking(source, known, signal));
  try {
    const triggers = triggersOf(session.connector);
    let history = 0;
    for (const trigger of triggers) {
      if (beginning.reason === 'lost') await fireMissed(session, beginning, trigger);
      else if (seeded?.includes(trigger.id) !== true)
        history += await noteHistory(session, beginning, trigger);
    }
    const names = triggers.map(({ id }) => id);
    // Before the note that the beginning is finished: a crash in between begins again.
    if (beginning.reason !== 'resumed') await askForPass(session, false);
    const start = beginning.reason === 'resumed' ? {} : { cursors: beginning.cursors };
    await home.state.commit([], { seeded: names, ...start });
    report({ kind: 'begun', reason: beginning.reason, history });
  } finally {
    await beginning.release();
  }
}

async function noteHistory(
  { connector, home }: Session,
  beginning: Beginning,
  { what, name, on }: Trigger,
): Promise<number> {
  let noted = 0;
  for await (const changes of beginning.reached({ table: qualified(on.table), becomes: on.becomes })) {
    const entries = changes.map(({ key }): Entry => {
      const id = transitionId(connector.name, what, name, on, key);
      return [transitionDigest(id), HISTORY];
    });
    const fresh = entries.filter(([digest]) => !home.state.has(digest));
    await home.state.commit(fresh);
    noted += fresh.length;
  }
  return noted;
}

async function fireMissed(
  { connector, home, queued }: Session,
  beginning: Beginning,
  { on }: Trigger,
): Promise<void> {
  for await (const changes of beginning.reached({ table: qualified(on.table), becomes: on.becomes })) {
    const dated = changes.map((change) => ({ ...change, at: changedAt(change, connector.source.changedAt) }));
    const { items, rejects } = planItems(connector, dated, (digest) => home.state.has(digest));
    await home.outbox.append(items);
    await home.rejects.add(rejects, Date.now());
    queued.ring();
  }
}

/** Old news must be known to be old. */
function changedAt(change: Change, column: string): number {
  const value = change.row[column];
  return value instanceof Date ? value.getTime() : change.at;
}
