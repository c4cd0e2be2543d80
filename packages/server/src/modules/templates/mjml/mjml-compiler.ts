import { ApiError } from '../../../platform/http/api-error.ts';
import { LARGEST_BYTES } from '../../../platform/liquid/index.ts';
import type { Logger } from '../../../platform/log.ts';
import { GuardedProcess } from '../../../platform/process/guarded-process.ts';
import type { ProcessEnd } from '../../../platform/process/guarded-process.ts';
import type { MjmlResult } from './compile-mjml.ts';
import type { MjmlAnswer, MjmlWork } from './mjml-messages.ts';
import { RecentResults } from './recent-results.ts';

/** A document of ten sections takes 12 ms. */
const LIMIT_MS = 5_000;
const HEAP_MB = 192;
const REST_MS = 60_000;
/** The last of so many waits for a second or two, when they are usual ones. */
const MOST_WAITING = 100;

const PROCESS = {
  file: './mjml-process.ts',
  from: import.meta.url,
  name: 'MJML',
  heapMb: HEAP_MB,
} as const;

const PROBLEMS: Record<Exclude<ProcessEnd, 'not started'>, string> = {
  stuck: `it takes longer than ${LIMIT_MS / 1000} seconds`,
  'out of memory': `it takes more than ${HEAP_MB} MB of memory`,
  crashed: 'it ends the compiler',
};

export interface MjmlCompilerOptions {
  readonly log: Logger;
  /** After so long without work the process ends, and what was remembered is forgotten. */
  readonly restMs?: number;
}

interface Waiting {
  readonly source: string;
  readonly resolve: (result: MjmlResult) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Compiles MJML in a process that is there only while there is work: the compiler takes half a second to load, and
 * memory that an idle server has better use for. One document at a time, so it is known who is at fault.
 */
export class MjmlCompiler {
  readonly #log: Logger;
  readonly #restMs: number;
  readonly #results = new RecentResults();
  readonly #waiting: Waiting[] = [];
  #process: GuardedProcess<MjmlWork, MjmlAnswer> | null = null;
  #underWay: Waiting | null = null;
  #rest: NodeJS.Timeout | undefined;

  constructor({ log, restMs = REST_MS }: MjmlCompilerOptions) {
    this.#log = log;
    this.#restMs = restMs;
  }

  /** Whether the process is there. */
  get isAwake(): boolean {
    return this.#process !== null;
  }

  /**
   * The HTML of a document whose Liquid can be parsed, or what is wrong with it, limits included. Throws ApiError
   * `mjml-busy` when too many wait already, `unavailable` when the process cannot be started.
   */
  async compile(source: string): Promise<MjmlResult> {
    const known = this.#results.get(source);
    if (known !== undefined) return known;
    if (this.#waiting.length >= MOST_WAITING) throw new ApiError('mjml-busy', { retryAfter: 1 });
    return new Promise((resolve, reject) => {
      this.#waiting.push({ source, resolve, reject });
      this.#next();
    });
  }

  /** Ends the process. Work under way is not finished. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const left = [...(this.#underWay === null ? [] : [this.#underWay]), ...this.#waiting.splice(0)];
    this.#underWay = null;
    for (const { reject } of left) reject(new ApiError('unavailable'));
    await this.#sleep();
  }

  #next(): void {
    if (this.#underWay !== null) return;
    clearTimeout(this.#rest);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      // The one before may have been of the same source.
      const known = this.#results.get(next.source);
      if (known !== undefined) {
        next.resolve(known);
        continue;
      }
      this.#underWay = next;
      this.#process ??= this.#start();
      this.#process.post({ source: next.source }, LIMIT_MS);
      return;
    }
    this.#rest = setTimeout(() => void this.#sleep(), this.#restMs).unref();
  }

  #start(): GuardedProcess<MjmlWork, MjmlAnswer> {
    return new GuardedProcess<MjmlWork, MjmlAnswer>(PROCESS, this.#log, {
      onAnswer: ({ result }) => this.#answered(result),
      onEnd: (end) => this.#ended(end),
    });
  }

  #answered(answer: MjmlResult): void {
    const done = this.#underWay;
    if (done === null) return;
    const result = 'html' in answer ? withinSize(answer.html) : answer;
    this.#results.set(done.source, result);
    this.#underWay = null;
    done.resolve(result);
    this.#next();
  }

  /** Limits are not remembered: a busy machine runs into them sooner than an idle one. */
  #ended(end: ProcessEnd): void {
    const done = this.#underWay;
    this.#process = null;
    this.#underWay = null;
    if (end === 'not started') done?.reject(new ApiError('unavailable'));
    else done?.resolve({ line: null, problem: PROBLEMS[end] });
    this.#next();
  }

  async #sleep(): Promise<void> {
    const awake = this.#process;
    this.#process = null;
    this.#results.clear();
    await awake?.close();
  }
}

function withinSize(html: string): MjmlResult {
  if (Buffer.byteLength(html) <= LARGEST_BYTES) return { html };
  return { line: null, problem: `the HTML made of it is larger than ${LARGEST_BYTES / 1024} KB` };
}
