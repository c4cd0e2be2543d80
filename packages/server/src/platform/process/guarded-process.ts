import type { ChildProcess } from 'node:child_process';
import type { Logger } from '../log.ts';
import { READY } from './ready.ts';
import { forkFile } from './run-file.ts';

const TICK_MS = 250;

/** Starting from source on a busy machine takes seconds. */
const START_TICKS = 120;

/** Why a process ended: it never was there, a piece of work held it for too long or filled its memory, or something else. */
export type ProcessEnd = 'not started' | 'stuck' | 'out of memory' | 'crashed';

/** One of our own files that says `READY`, and then answers messages in the order in which they come. */
export interface GuardedFile {
  /** As for `forkFile`. */
  readonly file: `./${string}.ts`;
  readonly from: string;
  /** What the log calls it: `rendering`. */
  readonly name: string;
  readonly heapMb: number;
}

export interface ProcessEvents<Answer> {
  onAnswer(answer: Answer): void;
  /** The process is gone, with all that it has not answered. */
  onEnd(end: ProcessEnd): void;
}

/**
 * A process that works on what anybody may have written, and its watchdog. A process and not a thread: a
 * thread that fills its memory takes the whole program with it
 * (docs/decisions/2026-11-23-templates-run-in-a-process.md).
 *
 * It gets none of our environment: a template that broke out would find no secret there.
 */
export class GuardedProcess<Work extends object, Answer> {
  readonly #child: ChildProcess;
  readonly #log: Logger;
  readonly #name: string;
  /** Ticks without an answer after which it is stuck, for each piece of work under way. */
  readonly #patience: number[] = [];
  #ticks = 0;
  #isReady = false;
  #watch: NodeJS.Timeout | undefined;
  #wasStuck = false;
  #isClosed = false;
  #complaint = '';

  constructor({ file, from, name, heapMb }: GuardedFile, log: Logger, events: ProcessEvents<Answer>) {
    this.#log = log;
    this.#name = name;
    this.#child = forkFile(file, from, [], {
      env: bareEnvironment(heapMb),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on(
      'data',
      (text) => (this.#complaint = (this.#complaint + String(text)).slice(-2000)),
    );
    this.#child.on('message', (message) => {
      this.#ticks = 0;
      if (message === READY) {
        this.#isReady = true;
        return;
      }
      this.#patience.shift();
      if (this.#patience.length === 0) this.#rest();
      events.onAnswer(message as Answer);
    });
    // It could not be started, or a message to it was lost: `exit` does not follow by itself.
    this.#child.on('error', (error) => {
      this.#complaint = error.message;
      this.#child.kill('SIGKILL');
    });
    this.#child.once('close', (_, signal) => {
      this.#rest();
      if (!this.#isClosed) events.onEnd(this.#endOf(signal));
    });
    this.#guard();
  }

  /** `patience`: after how many milliseconds without any answer it is stuck, when this work is the next. */
  post(work: Work, patience: number): void {
    if (this.#patience.length === 0) this.#guard();
    this.#patience.push(patience / TICK_MS);
    this.#child.send(work);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#rest();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    await new Promise((resolve) => {
      this.#child.once('close', resolve);
      this.#child.kill('SIGKILL');
    });
  }

  /**
   * Ticks are counted, not time: after the whole program stood still, or the machine slept, answers
   * that wait are read before the next tick.
   */
  #guard(): void {
    clearInterval(this.#watch);
    this.#ticks = 0;
    this.#child.ref();
    this.#child.channel?.ref();
    this.#watch = setInterval(() => {
      this.#ticks += 1;
      if (this.#ticks < (this.#isReady ? (this.#patience[0] ?? Infinity) : START_TICKS)) return;
      this.#wasStuck = true;
      this.#child.kill('SIGKILL');
    }, TICK_MS);
  }

  /** Without work it does not keep our program alive; it ends when the channel to us does. */
  #rest(): void {
    clearInterval(this.#watch);
    this.#child.unref();
    this.#child.channel?.unref();
  }

  #endOf(signal: NodeJS.Signals | null): ProcessEnd {
    if (!this.#isReady)
      this.#log.error({ complaint: this.#complaint }, `the ${this.#name} process did not start`);
    else
      this.#log.warn(
        { signal, stuck: this.#wasStuck },
        `the ${this.#name} process ended and is started again`,
      );
    if (this.#wasStuck) return 'stuck';
    // V8 aborts when the heap is full; the kernel kills when the machine's memory is.
    return signal === 'SIGABRT' || signal === 'SIGKILL' ? 'out of memory' : 'crashed';
  }
}

function bareEnvironment(heapMb: number): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
    ...(PATH !== undefined && { PATH }),
    ...(HOME !== undefined && { HOME }),
    ...(TMPDIR !== undefined && { TMPDIR }),
  };
}
