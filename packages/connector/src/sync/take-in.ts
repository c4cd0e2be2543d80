import { planItems } from '../model/plan-items.ts';
import type { Session } from './session.ts';

/**
 * Reads changes and queues what they call for. The source may forget a change only when that is on
 * the disk: an outage of the destination fills our disk, never the source's.
 */
export async function takeIn(
  { connector, home, source, queued }: Session,
  signal: AbortSignal,
): Promise<void> {
  const { outbox, state, rejects } = home;
  for await (const batch of source.changes(state.progress.cursors, signal)) {
    const planned = planItems(connector, batch.changes, (digest) => state.has(digest));
    if (planned.items.length > 0) {
      await outbox.append(planned.items);
      queued.ring();
    }
    await rejects.add(planned.rejects, Date.now());
    const cursors = batch.acknowledge();
    if (Object.keys(cursors).length > 0) {
      await state.commit([], { cursors: { ...state.progress.cursors, ...cursors } });
    }
  }
}
