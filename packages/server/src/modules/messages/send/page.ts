import type { Recipient } from '../../identity/index.ts';
import type { Chunk } from '../chunk.ts';
import type { Message } from '../message.ts';

/** Part of a chunk, handed over and closed as one. Its ids are recorded as in doubt before that. */
export interface Page {
  readonly message: Message;
  readonly chunk: Chunk;
  readonly ids: readonly string[];
  /** Those of the ids that exist, where they have been read already. */
  readonly recipients: readonly Recipient[] | null;
  /** Attempts so far of the ids that have been tried before. */
  readonly tried: ReadonlyMap<string, number>;
  /** A sender died while it handed these ids over: any of them may have arrived. */
  readonly inDoubt: boolean;
  /** Where the chunk stands once the page is closed; null leaves the cursor where it is. */
  readonly cursor: string | null;
  /** No id of the chunk comes after these. */
  readonly exhausted: boolean;
}
