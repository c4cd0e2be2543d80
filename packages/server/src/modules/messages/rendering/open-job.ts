import { assembleEmail } from './email-program.ts';
import { unpack } from './packed-texts.ts';
import type { KnownProgram } from './program-cache.ts';
import type { RenderFailure, RenderJob, RenderResult } from './render-job.ts';
import type { SliceAnswer } from './process-messages.ts';
import type { EmailProgram } from './email-program.ts';

/** A job under way: it ends when every recipient has a result. */
export class OpenJob {
  readonly job: RenderJob;
  readonly known: KnownProgram;
  readonly program: EmailProgram;
  readonly #results: RenderResult[];
  readonly #done: (results: RenderResult[]) => void;
  #left: number;

  constructor(
    job: RenderJob,
    known: KnownProgram,
    program: EmailProgram,
    done: (results: RenderResult[]) => void,
  ) {
    this.job = job;
    this.known = known;
    this.program = program;
    this.#results = Array.from({ length: job.recipients.length });
    this.#left = job.recipients.length;
    this.#done = done;
  }

  /** Takes in the answer for the recipients `from` to `to` (not included). */
  fill(from: number, to: number, answer: SliceAnswer): void {
    const width = this.program.parts;
    const parts = unpack(answer.parts, width * (to - from));
    for (let index = from; index < to; index += 1)
      this.#results[index] = { ok: true, email: assembleEmail(this.program, parts, (index - from) * width) };
    for (const [index, reason] of answer.failed) this.#results[from + index] = { ok: false, reason };
    this.#settle(to - from);
  }

  fail(from: number, to: number, reason: RenderFailure): void {
    for (let index = from; index < to; index += 1) this.#results[index] = { ok: false, reason };
    this.#settle(to - from);
  }

  #settle(count: number): void {
    this.#left -= count;
    if (this.#left === 0) this.#done(this.#results);
  }
}
