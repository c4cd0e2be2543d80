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
  while (!signal.aborted) {
    const { items, end } = outbox.next(BATCH);
    if (items.length === 0) {
      session.report({ kind: 'caught-up' });
      if (!stays()) return;
      await session.queued.wait(signal);
      continue;
    }
    const delivered = await deliverBatch(session, items, signal);
    if (delivered === null) return;
    await state.commit(delivered.acked, { outbox: end, ...delivered.guards });
    outbox.done(end);
    session.drained.ring();
    session.report({ kind: 'delivered', batch: delivered.count, backlogBytes: outbox.backlog });
  }
}
