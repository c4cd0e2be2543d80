import type { Queryable, Transaction, Transactional } from '../../../platform/database/database.ts';
import type { Slots } from '../../../platform/slots.ts';
import { applyLives } from '../life-store.ts';
import { holdUsers } from '../undo/user-before-store.ts';
import type { UserBefore } from '../undo/user-before-store.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import type { UserWriter } from '../user-writer.ts';
import { Batch } from './batch.ts';
import type { Beside } from './beside.ts';
import type { BulkLimits } from './bulk-limits.ts';
import { apart, meet } from './meet.ts';
import type { Met } from './meet.ts';
import { isPlain } from './new-user.ts';
import type { Outcome } from './outcome.ts';
import { WritingWays } from './writing-ways.ts';

export interface BatchWriterOptions {
  readonly database: Transactional;
  readonly writer: UserWriter;
  readonly slots: Slots;
  readonly limits: Pick<BulkLimits, 'worthCopying'>;
  /** Whether the first batch is taken for a part of a first load that has begun. */
  readonly expectsNew?: boolean;
}

/** Called before the writes of a round. */
type BeforeRound = (met: readonly Met[]) => Promise<void>;

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
  readonly #database: Transactional;
  readonly #slots: Slots;
  readonly #ways: WritingWays;
  #expectsNew: boolean;
  #last: Batch | null = null;

  constructor({ database, writer, slots, limits, expectsNew = false }: BatchWriterOptions) {
    this.#database = database;
    this.#slots = slots;
    this.#expectsNew = expectsNew;
    this.#ways = new WritingWays(database, writer, limits.worthCopying);
  }

  /**
   * The outcomes in the order of the writes; what they tell is committed. Throws what is no refusal.
   *
   * With `beside`, the batch is one transaction, with what that adds to it, and may be called while any number of
   * batches before are under way. Without, it may be several, and is called while the batch before is under way,
   * once the one before that is done.
   */
  write(writes: readonly UserWrite[], context: WriteContext, beside?: Beside): Promise<Outcome[]> {
    const earlier = this.#last;
    const batch = new Batch(writes, context);
    this.#last = batch;
    const outcomes = this.#slots.run(async () => {
      const created = await this.#createAll(batch, earlier, beside);
      batch.decide(created !== null);
      if (created !== null) return created;
      return beside === undefined
        ? this.#writeRounds(batch, earlier, this.#database, this.#ways)
        : this.#writeWhole(batch, earlier, beside);
    });
    batch.done = outcomes.then(
      () => undefined,
      () => batch.decide(false),
    );
    return outcomes;
  }

  /** Null when it does not look as if all were new, or when they were not. */
  async #createAll(batch: Batch, earlier: Batch | null, beside?: Beside): Promise<Outcome[] | null> {
    // Not by what that one does at this moment: it may be about to begin.
    const together = earlier !== null && (await earlier.creates);
    // What a whole batch comes to would not begin before that either.
    if (!together && beside !== undefined) await earlier?.done;
    if (!this.#expectsNew || !batch.writes.every(isPlain)) return null;
    if (together) batch.beginCreating();
    // While the database is busy with those before.
    const prepared = together ? this.#ways.prepare(batch.writes, batch.context) : null;
    // Before the batch before holds all its keys, it might wait for one of ours, and we for its commit.
    if (together) {
      if (!(await earlier.holdsKeys)) return null;
    } else {
      await earlier?.done;
      if (!this.#expectsNew) return null;
      batch.beginCreating();
    }
    return this.#ways.create(prepared ?? this.#ways.prepare(batch.writes, batch.context), {
      mayCommit: together ? earlier.allNew : Promise.resolve(true),
      onKeysHeld: batch.keysHeld,
      beside: beside && ((transaction, outcomes) => beside(transaction, { outcomes, before: [] })),
    });
  }

  /** All rounds in one transaction. It begins when the batch before has ended: it may wait for nobody but others. */
  async #writeWhole(batch: Batch, earlier: Batch | null, beside: Beside): Promise<Outcome[]> {
    await earlier?.done;
    return this.#database.transaction(async (transaction) => {
      const before = new Map<string, UserBefore | null>();
      const outcomes = await this.#writeRounds(
        batch,
        null,
        transaction,
        this.#ways.within(transaction, batch.context),
        (met) => hold(transaction, met, before),
      );
      const written = outcomes.flatMap((outcome, n) => {
        const write = batch.writes[n];
        return outcome.status === 'rejected' || write === undefined
          ? []
          : [{ write, userId: outcome.userId }];
      });
      const appId = batch.writes[0]?.appId ?? '';
      await applyLives(transaction, appId, written, batch.context.now);
      await beside(transaction, { outcomes, before: changedOf(outcomes, before) });
      return outcomes;
    });
  }

  async #writeRounds(
    { writes, context, touched }: Batch,
    earlier: Batch | null,
    database: Queryable,
    ways: WritingWays,
    beforeRound: BeforeRound = async () => undefined,
  ): Promise<Outcome[]> {
    this.#expectsNew = false;
    const outcomes: Outcome[] = [];
    let waiting = await meet(
      database,
      writes.map((write, n) => ({ n, write })),
    );
    await earlier?.done;
    const before = earlier?.footprint();
    if (waiting.some(({ keys }) => keys.some((key) => before?.has(key)))) {
      waiting = await meet(database, waiting);
    }
    while (waiting.length > 0) {
      const { first, later } = apart(waiting, touched);
      await beforeRound(first);
      await ways.write(first, context, outcomes);
      waiting = later.length === 0 ? later : await meet(database, later);
    }
    this.#expectsNew = outcomes.every(({ status }) => status === 'created');
    return outcomes;
  }
}

/** Those who were there before the batch, and are changed by it. */
function changedOf(
  outcomes: readonly Outcome[],
  before: ReadonlyMap<string, UserBefore | null>,
): UserBefore[] {
  const idsOf = (status: 'created' | 'updated') =>
    new Set(outcomes.flatMap((one) => (one.status === status ? [one.userId] : [])));
  const [created, updated] = [idsOf('created'), idsOf('updated')];
  return [...updated].filter((id) => !created.has(id)).flatMap((id) => before.get(id) ?? []);
}

/** Keeps how users are whom writes are about to change, the first time that each is met; null is a new one. */
async function hold(
  transaction: Transaction,
  met: readonly Met[],
  before: Map<string, UserBefore | null>,
): Promise<void> {
  const ids = new Set<string>();
  for (const { comparison } of met) {
    if (comparison.verdict === 'same' || comparison.verdict === 'new') continue;
    for (const id of comparison.touched) if (!before.has(id)) ids.add(id);
  }
  if (ids.size === 0) return;
  for (const id of ids) before.set(id, null);
  for (const user of await holdUsers(transaction, met[0]?.write.appId ?? '', [...ids])) {
    before.set(user.id, user);
  }
}
