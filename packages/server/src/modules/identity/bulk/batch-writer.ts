import type { Database } from '../../../platform/database/database.ts';
import type { Slots } from '../../../platform/slots.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import type { UserWriter } from '../user-writer.ts';
import { Batch } from './batch.ts';
import type { BulkLimits } from './bulk-limits.ts';
import { apart, meet } from './meet.ts';
import { isPlain } from './new-user.ts';
import type { Outcome } from './outcome.ts';
import { WritingWays } from './writing-ways.ts';

export interface BatchWriterOptions {
  readonly database: Database;
  readonly writer: UserWriter;
  readonly slots: Slots;
  readonly limits: Pick<BulkLimits, 'worthCopying'>;
}

/**
 * Writes the batches of one request, each as if its lines had been sent one by one after those of the
 * batch before.
 *
 * Lines about the same alias, token or user wait for each other and go in rounds. A batch begins while
 * the one before is under way: what it finds holds as long as that one was about somebody else. A first load
 * goes on as it began, without looking for anybody; its batches are committed one after the other, and as
 * soon as one meets somebody known, the next one looks again.
 */
export class BatchWriter {
  readonly #database: Database;
  readonly #slots: Slots;
  readonly #ways: WritingWays;
  #expectsNew = false;
  #last: Batch | null = null;

  constructor({ database, writer, slots, limits }: BatchWriterOptions) {
    this.#database = database;
    this.#slots = slots;
    this.#ways = new WritingWays(database, writer, limits.worthCopying);
  }

  /**
   * The outcomes in the order of the writes; what they tell is committed. Throws what is no refusal. May be
   * called while the batch before is under way, once the one before that is done.
   */
  write(writes: readonly UserWrite[], context: WriteContext): Promise<Outcome[]> {
    const earlier = this.#last;
    const batch = new Batch(writes, context);
    this.#last = batch;
    const outcomes = this.#slots.run(async () => {
      const created = await this.#createAll(batch, earlier);
      batch.decide(created !== null);
      return created ?? this.#writeRounds(batch, earlier);
    });
    batch.done = outcomes.then(
      () => undefined,
      () => batch.decide(false),
    );
    return outcomes;
  }

  /** Null when it does not look as if all were new, or when they were not. */
  async #createAll(batch: Batch, earlier: Batch | null): Promise<Outcome[] | null> {
    if (!this.#expectsNew || !batch.writes.every(isPlain)) return null;
    const together = earlier?.isCreating === true;
    // While the database is busy with those before.
    const prepared = together ? this.#ways.prepare(batch.writes, batch.context) : null;
    // Before the batch before holds all its keys, it might wait for one of ours, and we for its commit.
    if (together) {
      if (!(await earlier.holdsKeys)) return null;
    } else {
      await earlier?.done;
      if (!this.#expectsNew) return null;
    }
    batch.isCreating = true;
    const created = await this.#ways.create(prepared ?? this.#ways.prepare(batch.writes, batch.context), {
      mayCommit: together ? earlier.allNew : Promise.resolve(true),
      onKeysHeld: batch.keysHeld,
    });
    batch.isCreating = created !== null;
    return created;
  }

  async #writeRounds({ writes, context, touched }: Batch, earlier: Batch | null): Promise<Outcome[]> {
    this.#expectsNew = false;
    const outcomes: Outcome[] = [];
    let waiting = await meet(
      this.#database,
      writes.map((write, n) => ({ n, write })),
    );
    await earlier?.done;
    const before = earlier?.footprint();
    if (waiting.some(({ keys }) => keys.some((key) => before?.has(key)))) {
      waiting = await meet(this.#database, waiting);
    }
    while (waiting.length > 0) {
      const { first, later } = apart(waiting, touched);
      await this.#ways.write(first, context, outcomes);
      waiting = later.length === 0 ? later : await meet(this.#database, later);
    }
    this.#expectsNew = outcomes.every(({ status }) => status === 'created');
    return outcomes;
  }
}
