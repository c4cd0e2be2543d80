import type { Database } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isOutage } from '../../../platform/http/fault.ts';
import { refreshTokens } from '../refresh-tokens.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import type { UserWriter } from '../user-writer.ts';
import { changeProperties } from './change-store.ts';
import type { Met } from './meet.ts';
import { encodeNewUsers } from './encode-new-users.ts';
import { isPlain, makeNewUsers } from './new-user.ts';
import { ALONE, copyNewUsers } from './new-users-store.ts';
import type { CopyTurn, NewUsersWithRows } from './new-users-store.ts';
import type { Outcome } from './outcome.ts';

/**
 * The ways in which lines are written:
 * - All new: COPY into the bare tables, whose keys tell when somebody is known after all.
 * - Known, and nothing to change: no write.
 * - Known, and only properties to change: one UPDATE.
 * - The rest, and whoever lost a race: write_users, by the UserWriter.
 */
export class WritingWays {
  readonly #database: Database;
  readonly #writer: UserWriter;
  readonly #worthCopying: number;

  constructor(database: Database, writer: UserWriter, worthCopying: number) {
    this.#database = database;
    this.#writer = writer;
    this.#worthCopying = worthCopying;
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
    await Promise.all(rest.map(async ({ n, write }) => (outcomes[n] = await this.#writeOne(write, context))));
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
  async create(prepared: NewUsersWithRows, turn: CopyTurn = ALONE): Promise<Outcome[] | null> {
    const { made } = prepared;
    try {
      await copyNewUsers(this.#database, prepared, turn);
    } catch (error) {
      // Whatever the database has against one of them, write_users will say of that one alone.
      if (isOutage(error)) throw error;
      return null;
    }
    return made.people.map(({ id }) => ({ status: 'created', userId: made.ids.textOf(id) }));
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
    const done = await retryTransient(() => changeProperties(this.#database, changes, now)).catch(
      (error: unknown) => {
        if (isOutage(error)) throw error;
        return new Set<number>();
      },
    );
    return changes.filter(({ n, userId }, index) => {
      if (done.has(index)) outcomes[n] = { status: 'updated', userId };
      return !done.has(index);
    });
  }

  async #writeOne(write: UserWrite, context: WriteContext): Promise<Outcome> {
    try {
      const written = await this.#writer.write(write);
      const { outcome, person } = await refreshTokens(this.#database, write, written, context);
      return { status: outcome, userId: person.id };
    } catch (error) {
      if (error instanceof ApiError) return { status: 'rejected', error };
      if (isOutage(error)) throw error;
      return { status: 'rejected', error: new ApiError('internal', { cause: error }) };
    }
  }
}
