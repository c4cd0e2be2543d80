/** What somebody has said about being written to, and when, in milliseconds since the epoch. */
export interface ConsentFact {
  readonly granted: boolean;
  readonly at: number;
}

/** What a row says; `at` is null where it does not tell when. */
export interface RowConsent {
  readonly granted: boolean;
  readonly at: number | null;
}

/** What is kept of one person and channel besides the row. */
export interface KnownConsent {
  /** The newest word that came by the messaging layer. */
  readonly told: ConsentFact | null;
  /** The last moment at which an undated row was seen to say no. */
  readonly rowSaidNoAt: number | null;
}

export const NOTHING_KNOWN: KnownConsent = { told: null, rowSaidNoAt: null };

/**
 * May this person be written to? The newest word wins, whichever side heard it; of two at the same
 * moment, the no. A row that does not tell when counts as old: a no of the messaging layer holds until
 * the row was seen to say no after it and says yes now. So a row that is merely read again never turns
 * anybody on, and an undated no in the row always holds.
 */
export function decideConsent(
  row: RowConsent,
  { told, rowSaidNoAt }: KnownConsent,
): ConsentFact | RowConsent {
  if (told === null) return row;
  if (row.at !== null) return newer(told, { granted: row.granted, at: row.at });
  if (!row.granted || told.granted) return row;
  return rowSaidNoAt !== null && rowSaidNoAt >= told.at ? row : told;
}

/**
 * What is known after looking at a row that was read after `readAt`. Joining is commutative,
 * associative and idempotent, so the order in which facts and looks come in does not matter.
 */
export function afterLook(known: KnownConsent, row: RowConsent, readAt: number): KnownConsent {
  if (row.granted || row.at !== null) return known;
  return { ...known, rowSaidNoAt: Math.max(readAt, known.rowSaidNoAt ?? readAt) };
}

/** What is known after the messaging layer has told of `fact`, however late it does. */
export function afterFact(known: KnownConsent, fact: ConsentFact): KnownConsent {
  return { ...known, told: known.told === null ? fact : newer(known.told, fact) };
}

function newer(one: ConsentFact, other: ConsentFact): ConsentFact {
  if (one.at !== other.at) return one.at > other.at ? one : other;
  return one.granted ? other : one;
}
