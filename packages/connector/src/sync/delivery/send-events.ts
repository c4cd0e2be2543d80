import { transitionDigest } from '../../model/transition.ts';
import { readNote } from './ledger.ts';
import type { Sending } from './sending.ts';
import { isHeld, settleHeld, settleTransition } from './settle-transition.ts';
import type { EventWork } from './work.ts';

/** Sends events together, each once: those that were sent before are done. */
export async function sendEvents(sending: Sending, works: readonly EventWork[]): Promise<void> {
  const { session, commits, signal } = sending;
  const fresh = new Map<string, EventWork>();
  for (const work of works) {
    const { item, places } = work;
    const before = readNote(commits.get(transitionDigest(item.id)));
    if (fresh.has(item.id) || (before.kind === 'done' && item.again !== true)) commits.settle({ places });
    else if (isHeld(sending, work)) settleHeld(sending, work);
    else fresh.set(item.id, work);
  }
  if (fresh.size === 0) return;
  const sent = [...fresh.values()];
  const results = await session.destination.sendEvents(
    sent.map(({ item }) => item),
    signal,
  );
  for (const [i, work] of sent.entries()) settleTransition(sending, work, results[i] ?? { kind: 'aborted' });
}
