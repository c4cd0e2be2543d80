import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { Slots } from '../../../platform/slots.ts';
import type { BeginWrite } from '../begin-write.ts';
import type { ChangeSource } from '../change-source.ts';
import { holdUsers } from '../undo/user-before-store.ts';
import type { UserBefore } from '../undo/user-before-store.ts';
import { UserWriter } from '../user-writer.ts';
import type { UserWrite, WriteContext } from '../user-write.ts';
import { BatchWriter } from './batch-writer.ts';
import { BULK_LIMITS } from './bulk-limits.ts';
import { meet } from './meet.ts';
import type { Met } from './meet.ts';

export interface WholeBatchesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly begin: BeginWrite;
}

/** Bulk writes of other modules: each batch is one transaction with what they write beside it. */
export class WholeBatches {
  /**
   * Of one run, begun before the first of them has ended. Their database waits for answers of this process six times
   * a batch, and it is busy with others of them meanwhile.
   */
  static readonly atOnce = 3;

  readonly #options: WholeBatchesOptions;
  readonly #writer: UserWriter;

  constructor(options: WholeBatchesOptions) {
    this.#options = options;
    this.#writer = new UserWriter(options.database, options.clock);
  }

  /** What an app allows at this moment; asked for each batch. */
  begin(appId: string, source: ChangeSource): Promise<WriteContext> {
    return this.#options.begin(appId, source);
  }

  /**
   * For batches that follow each other. Pass `beside` with each of them. `expectsNew` says that batches before were
   * of new users alone: the first one begins as if it were too.
   */
  writer({ expectsNew = false }: { readonly expectsNew?: boolean } = {}): BatchWriter {
    return new BatchWriter({
      database: this.#options.database,
      writer: this.#writer,
      slots: new Slots(WholeBatches.atOnce),
      limits: BULK_LIMITS,
      expectsNew,
    });
  }

  /** What writes of one app would meet, in their order. Writes nothing. */
  meet(writes: readonly UserWrite[]): Promise<Met[]> {
    if (writes.length === 0) return Promise.resolve([]);
    return meet(
      this.#options.database,
      writes.map((write, n) => ({ n, write })),
    );
  }

  /** Users as they are. */
  look(appId: string, ids: readonly string[]): Promise<UserBefore[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.#options.database.transaction((transaction) => holdUsers(transaction, appId, ids));
  }
}
