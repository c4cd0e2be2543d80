import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Recipient } from '../../identity/index.ts';
import type { Chunk } from '../chunk.ts';
import { findAttempts, findDueRetries } from '../chunk-store.ts';
import type { ClosedPage } from '../ledger-store.ts';
import type { Message } from '../message.ts';
import type { PageFlow } from './page-flow.ts';
import { mayGo, throttledPage } from '../timing/throttle.ts';
import type { Page } from './page.ts';
import type { Turn } from './turns.ts';

export interface SendChunkOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly flow: PageFlow;
  /** True once this process wants to stop: the chunk is left after the page under way. */
  readonly stopping: () => boolean;
  /** Told how many recipients the page under way has, once that is known. */
  readonly weigh: (recipients: number) => void;
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/**
 * Sends what is left of a claimed chunk, page by page: first what a dead sender left in doubt, then
 * what comes after the cursor, then the retries that are due. Resolves with the chunk's state after
 * the last page (`ready`: it waits for retries; `lost`: it belongs to someone else), or `left` when
 * the process is stopping or the provider is down.
 */
export async function sendChunk(
  message: Message,
  chunk: Chunk,
  options: SendChunkOptions,
): Promise<ClosedPage | 'left'> {
  const { flow, stopping, weigh } = options;
  const { priority } = chunk;
  const provider = await flow.providerOf(message);
  const perMinute = message.timing?.perMinute ?? null;
  const pageSize =
    perMinute === null ? provider.pageSize : Math.min(provider.pageSize, throttledPage(perMinute));
  let { cursor } = chunk;
  let reserved = chunk.throttleReserved;

  if (chunk.doubtIds !== null && chunk.doubtIds.length > 0) {
    if (stopping()) return 'left';
    const page = await pageInDoubt(message, chunk, chunk.doubtIds, options);
    const closed = await flow.inTurn({ provider, priority, recipients: page.ids.length }, () =>
      flow.send(page),
    );
    if (closed !== 'open') return closed;
    cursor = page.cursor;
  }

  const sendNext = async (turn: Turn, most: number): Promise<ClosedPage | 'left' | 'none'> => {
    if (stopping()) return 'left';
    const limit = Math.min(reserved > 0 ? reserved : pageSize, most);
    const next = await nextOf(message, chunk, cursor, flow, limit);
    const { ids, recipients, last } = next;
    turn.shrink(ids.length);
    // Few on a page tell nothing of those to come, unless none come.
    weigh(last ? ids.length : pageSize);
    if (ids.length === 0 && last) return 'none';
    // A page without anybody takes nobody's turn. It is closed like any other: whoever goes on after a crash
    // need not look there again.
    if (ids.length > 0) {
      if (perMinute !== null && reserved === 0 && !(await mayGo(options, chunk, ids.length, perMinute))) {
        return 'ready';
      }
      // A page may be shorter than what has its turn.
      reserved = Math.max(0, reserved - ids.length);
    }
    ({ cursor } = next);
    // Earlier retries are looked for after the last page: only without them is this the end.
    const exhausted = last && chunk.retrying === 0;
    const place = { message, chunk, cursor, exhausted };
    return flow.send({ ...place, ids, recipients, tried: NOBODY, inDoubt: false });
  };
  for (;;) {
    const closed = await flow.inTurn(
      { provider, priority, recipients: sizeOfNext(chunk, cursor, pageSize) },
      sendNext,
    );
    if (closed === 'none') break;
    if (closed !== 'open') return closed;
  }

  const sendRetries = async (_: Turn, most: number): Promise<ClosedPage | 'left'> => {
    if (stopping()) return 'left';
    const size = Math.min(pageSize, most);
    const tried = await findDueRetries(options.database, chunk, options.clock.now(), size);
    const exhausted = tried.size < size;
    const ids = [...tried.keys()];
    const place = { message, chunk, cursor: null, exhausted };
    return flow.send({ ...place, ids, recipients: null, tried, inDoubt: false });
  };
  for (;;) {
    const closed = await flow.inTurn(
      { provider, priority, recipients: Math.min(pageSize, chunk.retrying) },
      sendRetries,
    );
    if (closed !== 'open') return closed;
  }
}

async function pageInDoubt(
  message: Message,
  chunk: Chunk,
  ids: readonly string[],
  { database }: SendChunkOptions,
): Promise<Page> {
  const tried = await findAttempts(database, chunk, ids);
  // Retries stand behind the cursor; what was ahead of it moves it on.
  const cursor = ids.findLast((id) => !tried.has(id)) ?? chunk.cursor;
  return { message, chunk, ids, recipients: null, tried, inDoubt: true, cursor, exhausted: false };
}

interface Next {
  readonly ids: readonly string[];
  readonly recipients: readonly Recipient[] | null;
  /** Where the chunk stands after them. */
  readonly cursor: string | null;
  /** Nobody comes after them. */
  readonly last: boolean;
}

async function nextOf(
  message: Message,
  chunk: Chunk,
  cursor: string | null,
  flow: PageFlow,
  pageSize: number,
): Promise<Next> {
  const { targets } = chunk;
  if (targets === null) {
    const { recipients, ...place } = await flow.nextAudience(message, chunk, cursor, pageSize);
    return { ids: recipients.map((recipient) => recipient.subscriptionId), recipients, ...place };
  }
  const from = firstAfter(targets, cursor);
  const ids = targets.slice(from, from + pageSize);
  return {
    ids,
    recipients: null,
    cursor: ids.at(-1) ?? cursor,
    last: from + ids.length === targets.length,
  };
}

/** How many recipients the next page has at most. */
function sizeOfNext({ targets }: Chunk, cursor: string | null, pageSize: number): number {
  return targets === null ? pageSize : Math.min(pageSize, targets.length - firstAfter(targets, cursor));
}

/** Where the ids above `cursor` begin: `targets` is in ascending order. */
function firstAfter(targets: readonly string[], cursor: string | null): number {
  if (cursor === null) return 0;
  let low = 0;
  let high = targets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((targets[middle] ?? '') <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
