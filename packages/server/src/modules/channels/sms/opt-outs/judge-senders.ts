import { bare } from '../keywords/own-keywords.ts';

/** Whom a text to somebody may go through. */
export type SenderVerdict =
  /** None of these senders, or the app does not change to another one. */
  | { readonly kind: 'held'; readonly reason: string }
  /** Not through those at these places. */
  | { readonly kind: 'narrowed'; readonly closed: ReadonlySet<number> };

/**
 * What opt-outs from single senders leave of those that a message may go from, in the order of the providers; null where
 * all are open. `changes`: the app lets another of its numbers write instead.
 */
export function judgeSenders(
  senders: readonly (string | null)[],
  optedOut: ReadonlySet<string>,
  changes: boolean,
): SenderVerdict | null {
  const closed = new Set(senders.flatMap((sender, place) => (isClosed(sender, optedOut) ? [place] : [])));
  if (closed.size === 0) return null;
  if (closed.size === senders.length) {
    return { kind: 'held', reason: 'opted out of texts from this sender (STOP)' };
  }
  if (changes) return { kind: 'narrowed', closed };
  return {
    kind: 'held',
    reason: 'opted out of texts from one of our senders (STOP), and use_other_senders is off',
  };
}

/** A name cannot be texted to. Which number a messaging service takes nobody knows: in doubt, nobody is written to. */
function isClosed(sender: string | null, optedOut: ReadonlySet<string>): boolean {
  if (optedOut.size === 0) return false;
  if (sender === null || /^MG[\da-f]{32}$/i.test(sender)) return true;
  return optedOut.has(bare(sender));
}
