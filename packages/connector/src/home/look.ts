import type { MergePosition } from './compare-seen.ts';

/** A file of what a look has seen, and how many keys it holds. */
export interface SeenFile {
  readonly name: string;
  readonly keys: number;
  /** What the source said it would come to; null where it could not tell. */
  readonly version: string | null;
}

/** One comparison of everything with what the last one has seen, and how far it has come. */
export interface Look {
  /** What the last finished look has seen; null before the first. */
  readonly seen: SeenFile | null;
  /** Queue what is unchanged as well: the mapping is another one. */
  readonly everything: boolean;
  readonly step:
    | { readonly at: 'done' }
    | { readonly at: 'due' }
    /** The source has been read; what differs is queued from here on. */
    | { readonly at: 'queueing'; readonly scanned: SeenFile; readonly from: MergePosition };
}

/** What a look found, before any of it is queued. */
export interface LookCount {
  /** Keys that the last look had seen. */
  readonly known: number;
  readonly scanned: number;
  readonly fresh: number;
  readonly changed: number;
  readonly gone: number;
  /** The first of the keys that are gone. */
  readonly goneSample: readonly string[];
}

export const NEVER_LOOKED: Look = { seen: null, everything: false, step: { at: 'due' } };

/** The same look, to be done again. What was being queued is scanned anew, as part of more. */
export function dueAgain(look: Look, everything: boolean): Look {
  const unfinished = look.everything && look.step.at !== 'done';
  return { seen: look.seen, everything: everything || unfinished, step: { at: 'due' } };
}
