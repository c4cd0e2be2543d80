import type { Queryable } from '../../../platform/database/database.ts';

/** One piece of an erasure: what it took away, and where the next one begins. */
export interface ErasedPiece {
  readonly rows: number;
  /** Null after the last piece. */
  readonly next: string | null;
}

/**
 * What a module does when an app is deleted. Every table that keeps something of apps belongs to one of
 * these; `start/app-erasers.ts` lists them all.
 */
export interface AppEraser {
  /** In kebab case, unique in the program: how far an erasure has come is kept by it. */
  readonly name: string;
  /** The tables that it empties of the app's rows. */
  readonly tables: readonly string[];
  /** In the transaction that deletes the app: stops what must not go on until its turn comes. */
  readonly halt?: (transaction: Queryable, appId: string, now: number) => Promise<void>;
  /**
   * Erases one piece in one short transaction. `cursor` is null for the first, then the `next` of the
   * piece before. A piece may come twice.
   */
  readonly erase: (transaction: Queryable, appId: string, cursor: string | null) => Promise<ErasedPiece>;
}
