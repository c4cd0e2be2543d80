/** The ids that an answer told for the parts of a person; null where it told none. */
export interface Ids {
  readonly user: string;
  readonly email: string | null;
  readonly push: string | null;
}

/**
 * A person as read back: its ids, and the number of the write that each of its parts comes from. Every write
 * gives all parts its own number, so two different numbers are a write that was done by half.
 */
export interface Seen {
  readonly ids: Ids;
  readonly parts: Readonly<Record<string, number>>;
  /** Subscriptions that the person has; two when all is well. */
  readonly subscriptions: number;
}

/** What one client did with one person, in its order. Writes are numbered from 1. */
export type Event =
  | { readonly kind: 'asked'; readonly write: number }
  | { readonly kind: 'acknowledged'; readonly write: number; readonly ids: Ids }
  /** Null: there is nobody of that name. */
  | { readonly kind: 'seen'; readonly seen: Seen | null };

export interface History {
  readonly person: string;
  readonly events: readonly Event[];
}

/** A history that its client is still writing. */
export interface Notes extends History {
  readonly events: Event[];
  /** The number of the last write. */
  write: number;
}

export function beginNotes(person: string): Notes {
  return { person, events: [], write: 0 };
}
