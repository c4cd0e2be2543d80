import type { Clock } from '../../platform/clock.ts';
import { Coalescer } from '../../platform/database/coalescer.ts';
import { retryTransient } from '../../platform/database/retry.ts';
import { within } from '../../platform/database/database.ts';
import type { Queryable, Transaction } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { ALIAS_LIMIT } from './alias.ts';
import { storeUserWrites } from './user-write-store.ts';
import type { UserWriteResult } from './user-write-store.ts';
import { userNotFound } from './user-write.ts';
import type { UserWrite } from './user-write.ts';

/** More adds latency and no speed: the function's own work is then most of the cost of a write. */
const LARGEST_BATCH = 200;

/** What a write that succeeded has left behind. */
export type Written = Extract<UserWriteResult, { outcome: 'created' | 'updated' }>;

/**
 * Gathers concurrent writes about users into batches. What is answered is committed, so the next
 * call sees it.
 */
export class UserWriter {
  readonly #coalescer: Coalescer<UserWrite, UserWriteResult>;

  constructor(
    database: Queryable,
    clock: Pick<Clock, 'now'>,
    flush = (writes: readonly UserWrite[]) =>
      retryTransient(() => storeUserWrites(database, writes, clock.now())),
    inFlight = 2,
  ) {
    this.#coalescer = new Coalescer<UserWrite, UserWriteResult>({
      flush,
      inFlight,
      largest: LARGEST_BATCH,
      conflicts: keysOf,
    });
  }

  /** Writes as parts of an open transaction, all of them at `now`. A batch that fails leaves the others as they are. */
  static within(transaction: Transaction, now: number): UserWriter {
    const parts = within(transaction);
    const clock = { now: () => now };
    const flush = (writes: readonly UserWrite[]) =>
      parts.transaction((part) => storeUserWrites(part, writes, now));
    return new UserWriter(parts, clock, flush, 1);
  }

  /**
   * Throws ApiError: `user-2` when an alias belongs to someone else, `user-not-found`,
   * `subscription-0`, `alias-limit`, `tag-limit`. Nothing is written then.
   */
  async write(write: UserWrite): Promise<Written> {
    for (;;) {
      const result = await this.#coalescer.submit(write);
      switch (result.outcome) {
        case 'created':
        case 'updated':
          return inOrder(result);
        case 'again':
          continue;
        case 'conflict':
          // The documented form, and the one that servers really send.
          throw new ApiError('user-2', {
            meta: { ...result.detail, conflicting_aliases: result.detail },
          });
        case 'no-subscription':
          throw new ApiError('subscription-0', { meta: { subscription_ids: result.detail } });
        case 'no-user':
          throw write.address === null ? new ApiError('internal') : userNotFound(write.address);
        case 'too-many-aliases':
          throw new ApiError('alias-limit', { params: { limit: ALIAS_LIMIT } });
        case 'too-many-tags':
          throw new ApiError('tag-limit', { params: { limit: write.tagLimit } });
      }
    }
  }
}

/** The subscriptions in the order of the request: device SDKs match them by it. */
function inOrder(written: Written): Written {
  const subscriptions = written.subscriptions?.toSorted((a, b) => a.position - b.position) ?? null;
  return { ...written, subscriptions };
}

/** What two writes of a batch, or of two batches under way, may not share. */
export function keysOf({ appId, address, aliases, subscriptions }: UserWrite): string[] {
  const keys = aliases.map(({ label, value }) => `alias ${appId} ${label} ${value}`);
  if (address?.by === 'id') keys.push(`user ${address.id}`);
  else if (address !== null) keys.push(`alias ${appId} ${address.label} ${address.value}`);
  for (const { givenId, address } of subscriptions) {
    if (givenId !== null) keys.push(`subscription ${givenId}`);
    if (address !== null && address.token !== '')
      keys.push(`token ${appId} ${address.type} ${address.token}`);
  }
  return keys;
}
