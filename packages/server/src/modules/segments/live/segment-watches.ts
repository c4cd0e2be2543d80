import type { Queryable, Transaction } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { askedEvents } from '../../audience/index.ts';
import { unwatchApp, watchApp } from '../../identity/index.ts';
import { meaningsOf } from '../segment-meanings.ts';
import { isReady } from './live-state.ts';
import type { LiveState } from './live-state.ts';
import {
  beginWalks,
  markChanged,
  raiseVersion,
  readStates,
  readWatched,
  storeLive,
  storeWatches,
} from './watch-store.ts';
import type { Watcher } from './watch-store.ts';

/** True when who is in each of them is kept, and has been since before the answer. */
export async function areReady(
  database: Queryable,
  appId: string,
  segmentIds: readonly string[],
): Promise<boolean> {
  const states = await readStates(database, appId, segmentIds);
  return segmentIds.every((id) => {
    const state = states.get(id);
    return state !== undefined && isReady(state as LiveState);
  });
}

/** What somebody wants to know besides who is in segments. */
export interface AlsoWatched {
  /** Whose last session is a new one: a row of the inbox of kind `session`. */
  readonly sessions?: boolean;
}

/**
 * Which segments are kept live, and for whom. A segment is live as long as somebody watches it, also when it is
 * paused or deleted meanwhile: it means what it meant at last.
 */
export class SegmentWatches {
  readonly #database: Queryable;

  constructor(database: Queryable) {
    this.#database = database;
  }

  /**
   * From the commit on, `watcher` watches these segments, and no others: none is the end of it. The ids may be those
   * of segments that every app has. Doing it twice is as once. Give the hint `inbox` after the commit, so that the
   * lanes' owners begin at once. Throws ApiError `segment-not-found` for an id of none.
   *
   * Nobody is told who is in a newly watched segment; that is known when `areReady` says so.
   *
   * @example
   * await database.transaction(async (transaction) => {
   *   await watches.set(transaction, { appId, watcher: 'journey', watcherId: journey.id }, segmentIds);
   * });
   * hints.give('inbox');
   */
  async set(
    transaction: Transaction,
    watcher: Watcher,
    segmentIds: readonly string[],
    { sessions = false }: AlsoWatched = {},
  ): Promise<void> {
    await raiseVersion(transaction);
    await storeWatches(transaction, watcher, [...new Set(segmentIds)], sessions);
    await this.#settle(transaction, watcher.appId);
  }

  /** For whoever has given a segment other filters, in the same transaction and behind it. */
  async noteChange(transaction: Queryable, appId: string, segmentId: string): Promise<void> {
    // Also where it is not live: who begins to watch it now has read the filters before this, or waits.
    await raiseVersion(transaction);
    if (await markChanged(transaction, appId, segmentId)) await this.#settle(transaction, appId);
  }

  /** As `areReady`. */
  async areReady(appId: string, segmentIds: readonly string[]): Promise<boolean> {
    return areReady(this.#database, appId, segmentIds);
  }

  /** Whether anybody watches a segment. */
  async isLive(appId: string, segmentId: string): Promise<boolean> {
    return (await readStates(this.#database, appId, [segmentId])).has(segmentId);
  }

  /** Makes what is kept and noted of an app what its watches need. */
  async #settle(transaction: Queryable, appId: string): Promise<void> {
    const { segmentIds, sessions } = await readWatched(transaction, appId);
    const meanings = await meaningsOf(transaction, appId, segmentIds);
    if (meanings.size < segmentIds.length) throw new ApiError('segment-not-found');
    const ended = await storeLive(transaction, appId, segmentIds);
    if (ended > 0) await beginWalks(transaction, appId, segmentIds.length === 0);
    if (segmentIds.length === 0 && !sessions) return unwatchApp(transaction, appId);
    const { custom, ofMessages } = askedEvents([...meanings.values()]);
    await watchApp(transaction, appId, {
      eventNames: custom.map(({ name }) => name),
      messageEvents: ofMessages.length > 0,
    });
  }
}
