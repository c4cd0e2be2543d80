import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isOutage } from '../../../platform/http/fault.ts';
import type { Slots } from '../../../platform/slots.ts';
import type { BeginWrite } from '../begin-write.ts';
import type { WriteContext } from '../user-write.ts';
import type { UserWriter } from '../user-writer.ts';
import type { BulkLimits } from './bulk-limits.ts';
import type { BulkRequest } from './bulk-request.ts';
import { parseLine } from './parse-line.ts';
import type { ParsedLine } from './parse-line.ts';
import { Tally, presentOutcome } from './present-outcome.ts';
import { readBatches } from './read-batches.ts';
import type { Ending } from './read-batches.ts';
import type { Outcome } from './outcome.ts';
import { BatchWriter } from './batch-writer.ts';

export interface BulkRunOptions extends BulkRequest {
  readonly database: Database;
  readonly clock: Clock;
  readonly begin: BeginWrite;
  readonly limits: BulkLimits;
  readonly writer: UserWriter;
  readonly slots: Slots;
  readonly isStopping: () => boolean;
  readonly onEnd: () => void;
}

type Batch = readonly ParsedLine[];

interface Started {
  readonly batch: Batch;
  readonly outcomes: Promise<Outcome[]>;
}

/** One bulk request under way: two batches are written at a time, and the next one is read meanwhile. */
export class BulkRun {
  readonly #options: BulkRunOptions;
  readonly #batches: AsyncGenerator<Batch, Ending, undefined>;
  readonly #writer: BatchWriter;
  readonly #tally = new Tally();
  readonly #began: number;
  #context: WriteContext | null = null;
  #first: Promise<IteratorResult<Batch, Ending>> | null = null;
  /** The last line that has a result. */
  #told: number;
  #isUnread = false;
  #ended = false;

  constructor(options: BulkRunOptions) {
    this.#options = options;
    this.#began = options.clock.now();
    this.#told = options.from - 1;
    this.#writer = new BatchWriter(options);
    const rules = { ...options, longest: options.limits.lineBytes };
    this.#batches = readBatches(options.pieces, {
      from: options.from,
      limits: options.limits,
      parse: (line) => parseLine(line, rules, this.#context as WriteContext),
    });
  }

  /** Reads the first batch. Throws ApiError when there is none. */
  async begin(): Promise<void> {
    const { begin, appId, source, from } = this.#options;
    this.#context = await begin(appId, source);
    this.#first = this.#batches.next();
    const first = await this.#first;
    if (first.done !== true) return;
    const ending = first.value;
    throw ending.kind === 'stopped' ? ending.error : new ApiError('bulk-empty', { params: { line: from } });
  }

  /**
   * The client reads nothing: no further batch is begun, and the last line says so, when it reads on. What
   * else it sends goes by, so that it comes to reading. False when it was told already.
   */
  giveUp(): boolean {
    if (this.#isUnread || this.#ended) return false;
    this.#isUnread = true;
    this.#options.pieces.discard();
    return true;
  }

  /** There is nobody to tell any more: it stops after the batch under way. May be called again. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.pieces.discard();
    this.#options.onEnd();
  }

  /** The answer, a piece for each batch that is committed, and the last line. */
  async *answer(): AsyncGenerator<string, void, undefined> {
    try {
      yield* this.#pieces();
    } finally {
      // The client may still send, and reads only when it has sent everything.
      this.#options.pieces.discard();
    }
  }

  async *#pieces(): AsyncGenerator<string, void, undefined> {
    const started = this.#start();
    let next = await started.next();
    while (next.done !== true) {
      const { batch, outcomes } = next.value;
      const ahead = started.next();
      try {
        yield this.#present(batch, await outcomes);
      } catch (error) {
        this.#options.onFault(error);
        const told = new ApiError(isOutage(error) ? 'unavailable' : 'internal', { cause: error });
        return yield this.#tally.incomplete(batch[0]?.number ?? 1, told);
      }
      next = await ahead;
    }
    const ending = next.value;
    switch (ending.kind) {
      case 'complete':
        return yield this.#tally.complete();
      case 'stopped':
        return yield this.#tally.incomplete(ending.next, ending.error);
      case 'gone':
        if (this.#isUnread) yield this.#tally.incomplete(this.#told + 1, this.#unread(this.#told + 1));
    }
  }

  /** Starts to write each batch as soon as it is asked for; the one after it is read meanwhile. */
  async *#start(): AsyncGenerator<Started, Ending, undefined> {
    const { begin, appId, source } = this.#options;
    for (let reading = this.#first; ;) {
      const read = await reading;
      if (read === null) return { kind: 'gone' };
      if (read.done === true) return read.value;
      if (this.#ended) return { kind: 'gone' };
      const batch = read.value;
      const error = this.#reasonToStop(batch[0]?.number ?? 1);
      if (error !== null) return { kind: 'stopped', next: batch[0]?.number ?? 1, error };
      reading = this.#batches.next();
      let outcomes: Promise<Outcome[]>;
      try {
        this.#context = await begin(appId, source);
        outcomes = this.#write(batch, this.#context);
      } catch (error) {
        outcomes = Promise.reject(error);
      }
      // They are waited for later, and may fail before.
      outcomes.catch(() => undefined);
      yield { batch, outcomes };
    }
  }

  async #write(batch: Batch, context: WriteContext): Promise<Outcome[]> {
    const writes = batch.flatMap((line) => (line.kind === 'write' ? [line.write] : []));
    const written = (writes.length === 0 ? [] : await this.#writer.write(writes, context)).values();
    return batch.map((line) =>
      line.kind === 'refused' ? { status: 'rejected', error: line.error } : (written.next().value as Outcome),
    );
  }

  #present(batch: Batch, outcomes: readonly Outcome[]): string {
    let text = '';
    outcomes.forEach((outcome, n) => {
      this.#tally.add(outcome);
      if (outcome.status === 'rejected' && outcome.error.code === 'internal') {
        this.#options.onFault(outcome.error.cause);
      }
      text += presentOutcome(batch[n]?.number ?? 0, outcome);
    });
    this.#told = batch.at(-1)?.number ?? this.#told;
    return text;
  }

  #reasonToStop(line: number): ApiError | null {
    const { isStopping, clock, limits } = this.#options;
    if (this.#isUnread) return this.#unread(line);
    if (isStopping()) return new ApiError('bulk-stopping', { params: { line } });
    if (clock.now() - this.#began < limits.longestMs) return null;
    return new ApiError('bulk-too-long', { params: { minutes: limits.longestMs / 60_000, line } });
  }

  #unread(line: number): ApiError {
    const { answerBytes: bytes, stallMs } = this.#options.limits;
    return new ApiError('bulk-unread', { params: { bytes, seconds: stallMs / 1000, line } });
  }
}
