import { assemble } from './content-program.ts';
import type { ContentProgram } from './content-program.ts';
import { unpack } from './packed-texts.ts';
import type { KnownProgram } from './program-cache.ts';
import type {
  Renderable,
  RenderFailure,
  RenderFault,
  RenderJob,
  RenderResult,
  SubscriptionsByUser,
  TextsOf,
} from './render-job.ts';
import type { SliceAnswer } from './process-messages.ts';

/** A job under way: it ends when every recipient has a result. */
export class OpenJob {
  readonly job: RenderJob<Renderable>;
  readonly known: KnownProgram;
  readonly program: ContentProgram;
  /** Where the program wants them. */
  readonly subscriptions: SubscriptionsByUser;
  readonly #results: RenderResult<Renderable>[];
  readonly #done: (results: RenderResult<Renderable>[]) => void;
  #left: number;

  constructor(
    { job, known, program, subscriptions }: Pick<OpenJob, 'job' | 'known' | 'program' | 'subscriptions'>,
    done: (results: RenderResult<Renderable>[]) => void,
  ) {
    this.job = job;
    this.known = known;
    this.program = program;
    this.subscriptions = subscriptions;
    this.#results = Array.from({ length: job.recipients.length });
    this.#left = job.recipients.length;
    this.#done = done;
  }

  /** Takes in the answer for the recipients `from` to `to` (not included). */
  fill(from: number, to: number, answer: SliceAnswer): void {
    const width = this.program.parts;
    const parts = unpack(answer.parts, width * (to - from));
    for (let index = from; index < to; index += 1) {
      const texts = assemble(this.program, parts, (index - from) * width) as TextsOf<Renderable>;
      this.#results[index] = this.job.explain
        ? { ok: true, texts, faults: this.#faultsOf(answer, index - from) }
        : { ok: true, texts };
    }
    for (const [index, reason] of answer.failed) this.#results[from + index] = { ok: false, reason };
    this.#settle(to - from);
  }

  fail(from: number, to: number, reason: RenderFailure): void {
    for (let index = from; index < to; index += 1) this.#results[index] = { ok: false, reason };
    this.#settle(to - from);
  }

  #faultsOf({ faults }: SliceAnswer, recipient: number): RenderFault[] {
    return faults
      .filter((fault) => fault.recipient === recipient)
      .map(({ template, line, column, problem }) => {
        return { text: this.program.names[template] ?? '', line, column, problem };
      });
  }

  #settle(count: number): void {
    this.#left -= count;
    if (this.#left === 0) this.#done(this.#results);
  }
}
