import type { OpenJob } from './open-job.ts';

/** Recipients `from` to `to` (not included) of a job. */
export interface Range {
  readonly job: OpenJob;
  readonly from: number;
  readonly to: number;
  /** Rendered before, when its thread ended: now it is alone in the thread, to see whether it was at fault. */
  readonly suspect: boolean;
}

/** A slice holds the thread this long, in milliseconds: what a small job waits for, at most twice. */
const SLICE_MS = 4;
const MOST_RECIPIENTS = 1000;

/** A job of so few recipients is somebody waiting, not a broadcast. */
const SMALL = 8;

/** What waits for a thread. Small jobs go first; large ones leave in slices. */
export class RenderQueue {
  readonly #small: Range[] = [];
  readonly #large: Range[] = [];

  get isEmpty(): boolean {
    return this.#small.length === 0 && this.#large.length === 0;
  }

  add(job: OpenJob, from: number, to: number, suspect = false): void {
    if (from === to) return;
    const isSmall = job.job.recipients.length <= SMALL;
    (isSmall ? this.#small : this.#large).push({ job, from, to, suspect });
  }

  /** The next slice, or undefined. The rest of its job stays in turn. */
  take(): Range | undefined {
    const range = this.#small.shift() ?? this.#large.shift();
    if (range === undefined) return undefined;
    const most = Math.min(MOST_RECIPIENTS, Math.max(1, Math.floor(SLICE_MS / range.job.known.cost)));
    const to = Math.min(range.to, range.from + most);
    // At the end of the line: jobs take turns.
    this.add(range.job, to, range.to, range.suspect);
    return { ...range, to };
  }
}
