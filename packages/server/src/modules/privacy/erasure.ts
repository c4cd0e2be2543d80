/** `waiting`: nothing is erased yet. `settling`: erased once, to be looked through again. `done`: nothing was left. */
export type ErasureState = 'waiting' | 'settling' | 'done';

/** What is told of an erasure. */
export interface ErasureRow {
  readonly id: string;
  readonly kind: 'user' | 'subscription';
  readonly state: ErasureState;
  readonly source: string;
  /** Id of the key. */
  readonly actor: string | null;
  readonly requestedAt: Date;
  readonly doneAt: Date | null;
  /** Records by the names of the parts. */
  readonly erased: Readonly<Record<string, number>>;
}

const MINUTE_MS = 60_000;
/** Requests, steps and sends that were under way are over by then. */
const SETTLE_MS = 5 * MINUTE_MS;
/** What goes through everybody's rows is done for all erasures of a quarter of an hour together. */
const TOGETHER_MS = 15 * MINUTE_MS;

/** What one pass over everything has found. */
export interface PassResult {
  /** Passes before this one. */
  readonly passes: number;
  readonly foundAnything: boolean;
  readonly isUnfinished: boolean;
}

/** What comes after a pass: done, or another one at a time in milliseconds since the epoch. */
export function afterPass(
  { passes, foundAnything, isUnfinished }: PassResult,
  now: number,
): { readonly state: 'done' } | { readonly state: 'settling'; readonly dueAt: number } {
  if (passes === 0) {
    const dueAt = Math.ceil((now + SETTLE_MS) / TOGETHER_MS) * TOGETHER_MS;
    return { state: 'settling', dueAt };
  }
  if (foundAnything || isUnfinished) return { state: 'settling', dueAt: now + SETTLE_MS };
  return { state: 'done' };
}
