import type { Delivered } from '../../destination/destination.ts';
import type { Entry } from '../../home/sorted-table.ts';
import { transitionDigest } from '../../model/transition.ts';
import { begunAt, readNote } from './ledger.ts';
import type { Sending } from './sending.ts';
import { isHeld, settleHeld, settleTransition } from './settle-transition.ts';
import type { MessageWork } from './work.ts';

/** Whether to send a message, by its id; those that are noted as begun are on the disk. */
export type Decisions = ReadonlyMap<string, Decision>;

type Decision = { readonly kind: 'send' | 'sent-before' | 'held' } | Extract<Delivered, { kind: 'rejected' }>;

/**
 * Decides what goes out, and notes it as begun before any of it does. Resolves when the notes are on
 * the disk. A note that is there already keeps its time: that is when the key was used first.
 */
export async function noteBegun(sending: Sending, works: readonly MessageWork[]): Promise<Decisions> {
  const now = Date.now();
  const decisions = new Map(works.map((work) => [work.item.id, decide(sending, work, now)]));
  const begun = [...decisions].flatMap(([id, { kind }]) => (kind === 'send' ? [transitionDigest(id)] : []));
  const fresh = begun.filter((digest) => readNote(sending.commits.get(digest)).kind !== 'begun');
  const names = works.flatMap(({ item }) => (decisions.get(item.id)?.kind === 'send' ? [item.name] : []));
  const counted = sending.breaker.admit(names, now);
  const notes = fresh.map((digest): Entry => [digest, begunAt(now)]);
  if (notes.length > 0) await sending.commits.note(notes, counted);
  return decisions;
}

export async function sendMessage(sending: Sending, work: MessageWork, decisions: Decisions): Promise<void> {
  const decision = decisions.get(work.item.id) ?? { kind: 'sent-before' };
  switch (decision.kind) {
    case 'sent-before':
      sending.commits.settle({ places: work.places });
      break;
    case 'held':
      settleHeld(sending, work);
      break;
    case 'rejected':
      settleTransition(sending, work, decision);
      break;
    case 'send':
      settleTransition(
        sending,
        work,
        await sending.session.destination.sendMessage(work.item, sending.signal),
      );
      break;
  }
}

function decide(sending: Sending, work: MessageWork, now: number): Decision {
  const { item } = work;
  const { messageKeyMs } = sending.session.destination.capabilities;
  const before = readNote(sending.commits.get(transitionDigest(item.id)));
  if (before.kind === 'done' && item.again !== true) return { kind: 'sent-before' };
  if (before.kind === 'begun' && messageKeyMs !== null && now - before.at > messageKeyMs) {
    const day = new Date(before.at).toISOString().slice(0, 10);
    const rule = `was asked for on ${day} and its answer was lost; the target may have forgotten its key, so it would perhaps be sent twice`;
    return { kind: 'rejected', rule };
  }
  if (isHeld(sending, work)) return { kind: 'held' };
  if (item.notAfter !== null && now > item.notAfter)
    return { kind: 'rejected', rule: 'is older than maxAge' };
  return { kind: 'send' };
}
