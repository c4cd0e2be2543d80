import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/log.ts';
import { GuardedProcess } from '../../../platform/process/guarded-process.ts';
import type { ProcessEnd } from '../../../platform/process/guarded-process.ts';
import { pack } from './packed-texts.ts';
import { ProcessKeys } from './process-keys.ts';
import type { Slice, SliceAnswer } from './process-messages.ts';
import type { Renderable, RenderFailure, RenderJob } from './render-job.ts';
import type { Range, RenderQueue } from './render-queue.ts';
import { valuesOf } from './wanted-values.ts';

/** One is rendered while the next one waits in the process: more would make small jobs wait. */
const IN_FLIGHT = 2;

/** Slices are made to take 4 ms, and the limit of one recipient is 100 ms. */
const PATIENCE_MS = 1000;

/** For a recipient whose rendering would fail by it. */
const LAST_PATIENCE_MS = 2000;

/** A template that brings the process down this often is not tried again: each time costs everyone seconds. */
const MOST_VICTIMS = 5;

/** A compiled content of 30 KB takes some 300 KB of the process's memory. */
const PROGRAMS = 100;

const RESTART_MS = 1000;

const PROCESS = {
  file: './render-process.ts',
  from: import.meta.url,
  name: 'rendering',
  heapMb: 192,
} as const;

const FAILURES: Record<Exclude<ProcessEnd, 'not started'>, RenderFailure> = {
  stuck: 'the template took too long to render',
  'out of memory': 'the template took too much memory to render',
  crashed: 'the template cannot be rendered',
};

/** A slice that the process has and has not answered. */
interface Posted {
  readonly id: number;
  readonly range: Range;
}

/**
 * Feeds one rendering process from the queue, and finds out who brought it down. It works on its
 * oldest slice, so somebody in that slice is at fault, or nobody is: its recipients are tried again
 * one by one, and whoever brings it down alone has failed. Other slices simply go again.
 */
export class RenderWorker {
  readonly #queue: RenderQueue;
  readonly #clock: Clock;
  readonly #log: Logger;
  #process: GuardedProcess<Slice, SliceAnswer> | null;
  #keys = new ProcessKeys(PROGRAMS);
  /**
   * In the order in which they were posted. A list and not a Map: a Map of V8 that is outgrown by coming and
   * going keeps pointing at its successor, and with what it last held, whole pages of recipients, it
   * drags them into the old generation (docs/decisions/2026-11-25-pages-are-not-held-in-maps.md).
   */
  #inFlight: Posted[] = [];
  /** The slice that is one recipient alone, suspected. */
  #suspect: number | null = null;
  #lastId = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(queue: RenderQueue, clock: Clock, log: Logger) {
    this.#queue = queue;
    this.#clock = clock;
    this.#log = log;
    this.#process = this.#start();
  }

  /** Takes what the process has room for. */
  pull(): void {
    while (this.#process !== null && this.#suspect === null && this.#inFlight.length < IN_FLIGHT) {
      // A suspect must be alone in the process.
      if (this.#queue.hasSuspects && this.#inFlight.length > 0) return;
      const suspect = this.#queue.takeSuspect();
      const range = suspect ?? this.#queue.take();
      if (range === undefined) return;
      const { known } = range.job;
      if (known.victims >= MOST_VICTIMS) range.job.fail(range.from, range.to, known.failure);
      else this.#post(this.#process, range, suspect !== undefined);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#restart);
    await this.#process?.close();
  }

  #start(): GuardedProcess<Slice, SliceAnswer> {
    return new GuardedProcess(PROCESS, this.#log, {
      onAnswer: (answer) => this.#answered(answer),
      onEnd: (end) => this.#ended(end),
    });
  }

  #post(process: GuardedProcess<Slice, SliceAnswer>, range: Range, isSuspect: boolean): void {
    const { job, program, known, subscriptions } = range.job;
    const { isNew, forget } = this.#keys.use(known.key);
    const recipients = job.recipients.slice(range.from, range.to);
    this.#lastId += 1;
    const slice: Slice = {
      id: this.#lastId,
      key: known.key,
      program: isNew ? { templates: program.templates, wanted: program.wanted } : null,
      forget,
      shared: program.wanted.shared ? sharedOf(job) : {},
      values: pack(
        valuesOf(program.wanted, recipients, {
          subscriptions,
          unsubscribeToken: job.unsubscribeToken,
          feedData: job.feedData,
        }),
      ),
      recipients: recipients.length,
      now: this.#clock.now(),
      explain: job.explain === true,
    };
    this.#inFlight.push({ id: slice.id, range });
    if (isSuspect) this.#suspect = slice.id;
    process.post(slice, isSuspect ? LAST_PATIENCE_MS : PATIENCE_MS);
  }

  #answered(answer: SliceAnswer): void {
    const range = this.#inFlight.find(({ id }) => id === answer.id)?.range;
    if (range === undefined) return;
    this.#inFlight = this.#inFlight.filter(({ id }) => id !== answer.id);
    if (this.#suspect === answer.id) this.#suspect = null;
    // First the process, then the results: it works while we put texts together.
    this.pull();
    range.job.known.cost = answer.milliseconds / (range.to - range.from);
    range.job.fill(range.from, range.to, answer);
  }

  #ended(end: ProcessEnd): void {
    const [oldest, ...others] = this.#inFlight.map(({ range }) => range);
    const wasSuspect = this.#suspect !== null;
    this.#inFlight = [];
    this.#suspect = null;
    this.#keys = new ProcessKeys(PROGRAMS);
    for (const range of others) this.#queue.add(range.job, range.from, range.to);
    if (oldest !== undefined) {
      if (end === 'not started' && !wasSuspect) this.#queue.add(oldest.job, oldest.from, oldest.to);
      else if (end === 'not started' || !wasSuspect) this.#queue.suspect(oldest);
      else this.#fail(oldest, FAILURES[end]);
    }
    // Without work, or before it began, no template was the reason: starting may fail again at once.
    if (oldest === undefined || end === 'not started') this.#startLater();
    else {
      this.#process = this.#start();
      this.pull();
    }
  }

  #fail({ job, from, to }: Range, failure: RenderFailure): void {
    job.known.victims += 1;
    job.known.failure = failure;
    job.fail(from, to, failure);
  }

  #startLater(): void {
    this.#process = null;
    this.#restart = setTimeout(() => {
      this.#process = this.#start();
      this.pull();
    }, RESTART_MS);
  }
}

function sharedOf({ shared, content: { dynamicContent } }: RenderJob<Renderable>): Slice['shared'] {
  return dynamicContent === null ? shared : { ...shared, dynamic_content: dynamicContent };
}
