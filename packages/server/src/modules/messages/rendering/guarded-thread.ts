import type { Worker } from 'node:worker_threads';
import type { Logger } from '../../../platform/log.ts';
import { startThread } from '../../../platform/process/run-file.ts';
import { PROGRESS } from './thread-messages.ts';
import type { Slice, SliceAnswer } from './thread-messages.ts';

/** Recipients take microseconds, and the template's own limit is 100 ms: this long means stuck. */
const TICK_MS = 250;
const STUCK_TICKS = 4;

/** A program's memory besides its recipients' is 256 KB at most, so this is much. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/** Why a thread ended: a template held it for too long, or filled its memory, or something else. */
export type ThreadEnd = 'stuck' | 'out of memory' | 'crashed';

export interface ThreadEvents {
  onAnswer(answer: SliceAnswer): void;
  /**
   * The thread is gone with everything it was given. `at` is what it was working on; `null` between
   * slices.
   */
  onEnd(end: ThreadEnd, at: { readonly slice: number; readonly recipient: number } | null): void;
}

/**
 * A rendering thread and its watchdog. The thread notes in shared memory which recipient it is at;
 * when that does not change for a second, it is ended.
 */
export class GuardedThread {
  readonly #worker: Worker;
  readonly #log: Logger;
  readonly #progress = new Int32Array(new SharedArrayBuffer(PROGRESS.length * 4));
  #waiting = 0;
  #watch: NodeJS.Timeout | undefined;
  #end: ThreadEnd = 'crashed';
  #closed = false;

  constructor(log: Logger, events: ThreadEvents) {
    this.#log = log;
    this.#worker = startThread('./render-thread.ts', import.meta.url, {
      workerData: this.#progress,
      resourceLimits: RESOURCE_LIMITS,
    });
    this.#worker.on('message', (answer: SliceAnswer) => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#rest();
      events.onAnswer(answer);
    });
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#end = 'out of memory';
      else log.error({ err: error }, 'rendering thread crashed');
    });
    this.#worker.on('exit', () => {
      this.#rest();
      if (!this.#closed) events.onEnd(this.#end, this.#at());
    });
    // A thread without work does not keep the process alive.
    this.#worker.unref();
  }

  post(slice: Slice): void {
    if (this.#waiting === 0) this.#guard();
    this.#waiting += 1;
    this.#worker.postMessage(slice);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#rest();
    await this.#worker.terminate();
  }

  /**
   * Ticks are counted, not time: after the whole process stood still, or the machine slept, the
   * thread gets its chance first.
   */
  #guard(): void {
    this.#worker.ref();
    let seen = '';
    let ticks = 0;
    this.#watch = setInterval(() => {
      const now = this.#progress.join(' ');
      ticks = now === seen && this.#at() !== null ? ticks + 1 : 0;
      seen = now;
      if (ticks < STUCK_TICKS) return;
      this.#end = 'stuck';
      this.#log.warn(this.#at(), 'rendering thread is stuck and is ended');
      void this.#worker.terminate();
    }, TICK_MS);
  }

  #rest(): void {
    clearInterval(this.#watch);
    this.#worker.unref();
  }

  #at(): { slice: number; recipient: number } | null {
    const slice = Atomics.load(this.#progress, PROGRESS.slice);
    return slice === 0 ? null : { slice, recipient: Atomics.load(this.#progress, PROGRESS.recipient) };
  }
}
