import { sliceOf } from '../audience/index.ts';
import type { Recipient } from '../identity/index.ts';
import { ownerOf } from './delivery.ts';
import type { Delivery } from './delivery.ts';

/**
 * Users who get nothing of a message, so that everybody else can be compared with them. Who they are follows from
 * the salt and the user's id: the same on every channel, whoever asks and whenever, and a larger share keeps those
 * of a smaller one. Kept with the message as JSON.
 */
export interface HoldOut {
  readonly salt: string;
  /** Of 10,000. */
  readonly parts: number;
  /** The name under which messages hold the same users out; null for one message alone. */
  readonly group: string | null;
}

/** The recipients who are to get a message, and what the ledger says of the others. */
export function holdOut(
  held: HoldOut | null,
  recipients: readonly Recipient[],
  /** Hand-overs so far. */
  tried: ReadonlyMap<string, number>,
): { readonly meant: readonly Recipient[]; readonly heldOut: readonly Delivery[] } {
  if (held === null) return { meant: recipients, heldOut: [] };
  const meant: Recipient[] = [];
  const heldOut: Delivery[] = [];
  for (const recipient of recipients) {
    const attempts = tried.get(recipient.subscriptionId) ?? 0;
    // Whoever was handed it once and moved to another user meanwhile has perhaps got it: no one to compare with.
    if (attempts > 0 || sliceOf(held.salt, recipient.userId) >= held.parts) meant.push(recipient);
    else heldOut.push(deliveryOf(recipient, held));
  }
  return { meant, heldOut };
}

function deliveryOf(recipient: Recipient, { group }: HoldOut): Delivery {
  const reason = group === null ? 'held out of this message' : `held out with the group ${group}`;
  return { ...ownerOf(recipient), state: 'suppressed', reason, ref: null, attempts: 0, heldOut: true };
}
