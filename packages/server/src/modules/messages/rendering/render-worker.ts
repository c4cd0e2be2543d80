import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { GuardedThread } from './guarded-thread.ts';
import type { ThreadEnd } from './guarded-thread.ts';
import { pack } from './packed-texts.ts';
import type { RenderFailure } from './render-job.ts';
import type { Range, RenderQueue } from './render-queue.ts';
import { ThreadKeys } from './thread-keys.ts';
import type { Slice, SliceAnswer } from './thread-messages.ts';
import { valuesOf } from './wanted-values.ts';

/** One rendered while the next one waits in the thread: more would make small jobs wait. */
const IN_FLIGHT = 2;

/** A template that brings the thread down this often is not tried again: each time costs everyone a second. */
const MOST_VICTIMS = 5;

/** A compiled content of 30 KB takes some 300 KB of the thread's memory. */
const PROGRAMS = 100;

const RESTART_MS = 1000;

const FAILURES: Record<ThreadEnd, RenderFailure> = {
  stuck: 'the template took too long to render',
  'out of memory': 'the template took too much memory to render',
  crashed: 'the template cannot be rendered',
};

/**
 * Feeds one rendering thread from the queue, and finds who brought it down. The recipient it was at
 * may be innocent (the memory was filled by those before, the machine stood still), so it is tried
 * once more alone; the others of the slice simply go again.
 */
export class RenderWorker {
  readonly #queue: RenderQueue;
  readonly #clock: Clock;
  readonly #log: Logger;
  #thread: GuardedThread | null;
  #keys = new ThreadKeys(PROGRAMS);
  readonly #inFlight = new Map<number, Range>();
  #lastId = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(queue: RenderQueue, clock: Clock, log: Logger) {
    this.#queue = queue;
    this.#clock = clock;
    this.#log = log;
    this.#thread = this.#start();
  }

  /** Takes what the thread has room for. */
  pull(): void {
    while (this.#thread !== null && this.#inFlight.size < IN_FLIGHT) {
      const range = this.#queue.take();
      if (range === undefined) return;
      if (range.job.known.victims >= MOST_VICTIMS)
        range.job.fail(range.from, range.to, range.job.known.failure);
      else this.#post(this.#thread, range);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#restart);
    await this.#thread?.close();
  }

  #start(): GuardedThread {
    return new GuardedThread(this.#log, {
      onAnswer: (answer) => this.#answered(answer),
      onEnd: (end, at) => this.#ended(end, at),
    });
  }

  /** A thread that ends without work was not brought down by a template: it may not be able to start. */
  #startLater(): void {
    this.#thread = null;
    this.#restart = setTimeout(() => {
      this.#thread = this.#start();
      this.pull();
    }, RESTART_MS);
  }

  #post(thread: GuardedThread, range: Range): void {
    const { job, program, known } = range.job;
    const { isNew, forget } = this.#keys.use(known.key);
    const recipients = job.recipients.slice(range.from, range.to);
    const slice: Slice = {
      id: this.#nextId(),
      key: known.key,
      program: isNew ? { templates: program.templates, wanted: program.wanted } : null,
      forget,
      shared: program.wanted.shared ? job.shared : {},
      values: pack(valuesOf(program.wanted, recipients, job)),
      recipients: recipients.length,
      now: this.#clock.now(),
    };
    this.#inFlight.set(slice.id, range);
    thread.post(slice);
  }

  #answered(answer: SliceAnswer): void {
    const range = this.#inFlight.get(answer.id);
    if (range === undefined) return;
    this.#inFlight.delete(answer.id);
    // First the thread, then the results: it works while the main thread puts texts together.
    this.pull();
    range.job.known.cost = answer.milliseconds / (range.to - range.from);
    range.job.fill(range.from, range.to, answer);
  }

  #ended(end: ThreadEnd, at: { readonly slice: number; readonly recipient: number } | null): void {
    const lost = [...this.#inFlight];
    this.#inFlight.clear();
    this.#keys = new ThreadKeys(PROGRAMS);
    if (at === null) this.#startLater();
    else this.#thread = this.#start();
    for (const [id, range] of lost) {
      if (at?.slice === id) this.#accuse(range, range.from + at.recipient, end);
      else this.#queue.add(range.job, range.from, range.to, range.suspect);
    }
    this.pull();
  }

  #accuse({ job, from, to, suspect }: Range, recipient: number, end: ThreadEnd): void {
    if (suspect) {
      job.known.victims += 1;
      job.known.failure = FAILURES[end];
      job.fail(from, to, FAILURES[end]);
      return;
    }
    this.#queue.add(job, from, recipient);
    this.#queue.add(job, recipient + 1, to);
    this.#queue.add(job, recipient, recipient + 1, true);
  }

  #nextId(): number {
    this.#lastId = this.#lastId === 2 ** 31 - 1 ? 1 : this.#lastId + 1;
    return this.#lastId;
  }
}
