import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Identity } from '../../identity/index.ts';
import type { Chunk } from '../chunk.ts';
import { findAttempts, findDueRetries } from '../chunk-store.ts';
import type { Message } from '../message.ts';
import type { PageFlow } from './page-flow.ts';
import type { Page } from './page.ts';

export interface SendChunkOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly identity: Pick<Identity, 'audiencePage'>;
  readonly flow: PageFlow;
  /** Recipients a page: what can be in doubt after a crash. */
  readonly pageSize: number;
  /** True once this process wants to stop: the chunk is left after the page under way. */
  readonly stopping: () => boolean;
}

const NOBODY: ReadonlyMap<string, number> = new Map();

/**
 * Sends what is left of a claimed chunk, page by page: first what a dead sender left in doubt, then
 * what comes after the cursor, then the retries that are due. Resolves `ended` when the chunk is
 * done, waits for retries or belongs to someone else, and `left` when the process is stopping.
 */
export async function sendChunk(
  message: Message,
  chunk: Chunk,
  options: SendChunkOptions,
): Promise<'ended' | 'left'> {
  const { flow, pageSize, stopping } = options;
  let { cursor } = chunk;

  if (chunk.doubtIds !== null && chunk.doubtIds.length > 0) {
    const page = await pageInDoubt(message, chunk, chunk.doubtIds, options);
    if ((await flow.send(page)) !== 'open') return 'ended';
    cursor = page.cursor;
  }

  for (;;) {
    if (stopping()) return 'left';
    const ids = await nextIds(chunk, cursor, options);
    if (ids.length === 0) break;
    const last = chunk.targets === null ? ids.length < pageSize : ids.at(-1) === chunk.targets.at(-1);
    cursor = ids.at(-1) ?? cursor;
    // Earlier retries are looked for after the last page: only without them is this the end.
    const exhausted = last && chunk.retrying === 0;
    const closed = await flow.send({ message, chunk, ids, tried: NOBODY, inDoubt: false, cursor, exhausted });
    if (closed !== 'open') return 'ended';
  }

  for (;;) {
    if (stopping()) return 'left';
    const tried = await findDueRetries(options.database, chunk, options.clock.now(), pageSize);
    const exhausted = tried.size < pageSize;
    const ids = [...tried.keys()];
    const closed = await flow.send({ message, chunk, ids, tried, inDoubt: false, cursor: null, exhausted });
    if (closed !== 'open') return 'ended';
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
  return { message, chunk, ids, tried, inDoubt: true, cursor, exhausted: false };
}

async function nextIds(
  chunk: Chunk,
  cursor: string | null,
  { identity, pageSize }: SendChunkOptions,
): Promise<readonly string[]> {
  const { appId, channel, lane, targets } = chunk;
  if (targets === null) return identity.audiencePage(appId, channel, lane, cursor, pageSize);
  const from = cursor === null ? 0 : firstAfter(targets, cursor);
  return targets.slice(from, from + pageSize);
}

/** Where the ids above `cursor` begin: `targets` is in ascending order. */
function firstAfter(targets: readonly string[], cursor: string): number {
  let low = 0;
  let high = targets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((targets[middle] ?? '') <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
