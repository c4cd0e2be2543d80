import { within } from '../../../platform/database/database.ts';
import type { Transaction, Transactional } from '../../../platform/database/database.ts';
import { isTransient, retryTransient } from '../../../platform/database/retry.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isOutage } from '../../../platform/http/fault.ts';
import { refreshTokens } from '../refresh-tokens.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import { UserWriter } from '../user-writer.ts';
import { changeProperties } from './change-store.ts';
import type { Met } from './meet.ts';
import { encodeNewUsers } from './encode-new-users.ts';
import { isPlain, makeNewUsers } from './new-user.ts';
import { ALONE, copyNewUsers } from './new-users-store.ts';
import type { CopyTurn, NewUsersWithRows } from './new-users-store.ts';
import type { Outcome } from './outcome.ts';

/** The same as CopyTurn, told what becomes of the writes. */
export interface CreateTurn extends Omit<CopyTurn, 'beside'> {
  readonly beside?: ((transaction: Transaction, outcomes: readonly Outcome[]) => Promise<void>) | undefined;
}

/**
 * The ways in which lines are written:
 * - All new: COPY into the bare tables, whose keys tell when somebody is known after all.
 * - Known, and nothing to change: no write.
 * - Known, and only properties to change: one UPDATE.
 * - The rest, and whoever lost a race: write_users, by the UserWriter.
 */
export class WritingWays {
  readonly #database: Transactional;
  readonly #writer: UserWriter;
  readonly #worthCopying: number;
  readonly #isWithin: boolean;

  constructor(database: Transactional, writer: UserWriter, worthCopying: number, isWithin = false) {
    this.#database = database;
    this.#writer = writer;
    this.#worthCopying = worthCopying;
    this.#isWithin = isWithin;
  }

  /** The same ways within an open transaction. What it has to repeat as a whole, a deadlock, is thrown. */
  within(transaction: Transaction, { now }: WriteContext): WritingWays {
    const writer = UserWriter.within(transaction, now);
    return new WritingWays(within(transaction), writer, this.#worthCopying, true);
  }

  /** Writes what is about different people, and sets the outcomes in their places. */
  async write(met: readonly Met[], context: WriteContext, outcomes: Outcome[]): Promise<void> {
    const fresh: Met[] = [];
    const changes: (Met & { readonly userId: string })[] = [];
    const rest: Met[] = [];
    for (const one of met) {
      const { n, write, comparison } = one;
      switch (comparison.verdict) {
        case 'same':
          outcomes[n] = { status: 'unchanged', userId: comparison.userId };
          break;
        case 'change':
          changes.push({ ...one, userId: comparison.userId });
          break;
        case 'new':
          (isPlain(write) ? fresh : rest).push(one);
          break;
        case 'known':
          rest.push(one);
      }
    }
    rest.push(...(await this.#createAll(fresh, context, outcomes)));
    rest.push(...(await this.#changeAll(changes, context, outcomes)));
    const written = await Promise.allSettled(rest.map(({ write }) => this.#writeOne(write, context)));
    written.forEach((one, index) => {
      // Only now that nothing is under way any more.
      if (one.status === 'rejected') throw one.reason;
      outcomes[rest[index]?.n ?? 0] = one.value;
    });
  }

  /** Gives ids to plain writes and makes their rows: work that needs no connection. */
  prepare(writes: readonly UserWrite[], { now }: WriteContext): NewUsersWithRows {
    const made = makeNewUsers(writes, now);
    return { made, rows: encodeNewUsers(made, now), now };
  }

  /**
   * Creates users who are all new, and commits when `turn` says so. Null when one of them is known after all,
   * or when it may not; nothing is written then.
   */
  async create(
    prepared: NewUsersWithRows,
    { beside, ...turn }: CreateTurn = ALONE,
  ): Promise<Outcome[] | null> {
    const { made } = prepared;
    const outcomes = made.people.map(({ id }): Outcome => ({
      status: 'created',
      userId: made.ids.textOf(id),
    }));
    try {
      await copyNewUsers(this.#database, prepared, {
        ...turn,
        beside: beside && ((transaction) => beside(transaction, outcomes)),
      });
    } catch (error) {
      // Whatever the database has against one of them, write_users will say of that one alone.
      if (this.#isFatal(error)) throw error;
      return null;
    }
    return outcomes;
  }

  /** Returns those that have to go another way. */
  async #createAll(
    fresh: readonly Met[],
    context: WriteContext,
    outcomes: Outcome[],
  ): Promise<readonly Met[]> {
    if (fresh.length < this.#worthCopying) return fresh;
    const writes = fresh.map(({ write }) => write);
    const created = await this.create(this.prepare(writes, context));
    if (created === null) return fresh;
    fresh.forEach(({ n }, index) => (outcomes[n] = created[index] as Outcome));
    return [];
  }

  /** Returns those that have to go another way. */
  async #changeAll(
    changes: readonly (Met & { readonly userId: string })[],
    { now }: WriteContext,
    outcomes: Outcome[],
  ): Promise<readonly Met[]> {
    if (changes.length === 0) return [];
    const done = await this.#change(changes, now).catch((error: unknown) => {
      if (this.#isFatal(error)) throw error;
      return new Set<number>();
    });
    return changes.filter(({ n, userId }, index) => {
      if (done.has(index)) outcomes[n] = { status: 'updated', userId };
      return !done.has(index);
    });
  }

  #change(
    changes: readonly (Met & { readonly userId: string })[],
    now: number,
  ): Promise<ReadonlySet<number>> {
    return this.#isWithin
      ? this.#database.transaction((part) => changeProperties(part, changes, now))
      : retryTransient(() => changeProperties(this.#database, changes, now));
  }

  #isFatal(error: unknown): boolean {
    return isOutage(error) || (this.#isWithin && isTransient(error));
  }

  async #writeOne(write: UserWrite, context: WriteContext): Promise<Outcome> {
    try {
      const written = await this.#writer.write(write);
      const { outcome, person } = await refreshTokens(this.#database, write, written, context);
      return { status: outcome, userId: person.id };
    } catch (error) {
      if (error instanceof ApiError) return { status: 'rejected', error };
      if (this.#isFatal(error)) throw error;
      return { status: 'rejected', error: new ApiError('internal', { cause: error }) };
    }
  }
}
