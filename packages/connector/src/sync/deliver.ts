import { deliverBatch } from './deliver-batch.ts';
import type { Session } from './session.ts';

const BATCH = 500;

/**
 * Empties the outbox in its order, batch by batch. A batch is done when everything in it has an
 * answer that will not change; a crash before that is noted sends it again under the same keys.
 * Returns when `signal` ends, or when the outbox is empty and `stays` says no.
 */
export async function deliver(session: Session, signal: AbortSignal, stays = () => true): Promise<void> {
  const { outbox, state } = session.home;
  // What an earlier run has left: it may have sent some of it.
  let isFirst = !outbox.isEmpty;
  while (!signal.aborted) {
    const { items, end } = outbox.next(BATCH);
    if (items.length === 0) {
      session.report({ kind: 'caught-up' });
      if (!stays()) return;
      await session.queued.wait(signal);
      continue;
    }
    for (const item of items) if ('key' in item) session.inFlight.add(item.key);
    const delivered = await deliverBatch(session, items, isFirst, signal);
    if (delivered === null) return;
    isFirst = false;
    await state.commit(delivered.acked, { outbox: end, ...delivered.guards });
    outbox.done(end);
    session.inFlight.clear();
    session.drained.ring();
    session.report({ kind: 'delivered', batch: delivered.count, backlogBytes: outbox.backlog });
  }
}
