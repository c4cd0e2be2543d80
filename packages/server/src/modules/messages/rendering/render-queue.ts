import type { OpenJob } from './open-job.ts';

/** Recipients `from` to `to` (not included) of a job. */
export interface Range {
  readonly job: OpenJob;
  readonly from: number;
  readonly to: number;
}

/** A slice holds the process this long, in milliseconds: what a small job waits for, at most twice. */
const SLICE_MS = 4;
const MOST_RECIPIENTS = 1000;

/** A job of so few recipients is somebody waiting, not a broadcast. */
const SMALL = 8;

/** What waits for a rendering process. Small jobs go first; large ones leave in slices and take turns. */
export class RenderQueue {
  readonly #small: Range[] = [];
  readonly #large: Range[] = [];
  readonly #suspects: Range[] = [];

  add(job: OpenJob, from: number, to: number): void {
    if (from === to) return;
    const isSmall = job.job.recipients.length <= SMALL;
    (isSmall ? this.#small : this.#large).push({ job, from, to });
  }

  /** Recipients of whom one has brought the process down: they go one by one. */
  suspect(range: Range): void {
    this.#suspects.push(range);
  }

  get hasSuspects(): boolean {
    return this.#suspects.length > 0;
  }

  /** One recipient out of the suspects. */
  takeSuspect(): Range | undefined {
    const range = this.#suspects.shift();
    if (range === undefined) return undefined;
    if (range.to > range.from + 1) this.#suspects.unshift({ ...range, from: range.from + 1 });
    return { ...range, to: range.from + 1 };
  }

  /** The next slice. The rest of its job stays in turn. */
  take(): Range | undefined {
    const range = this.#small.shift() ?? this.#large.shift();
    if (range === undefined) return undefined;
    const most = Math.min(MOST_RECIPIENTS, Math.max(1, Math.floor(SLICE_MS / range.job.known.cost)));
    const to = Math.min(range.to, range.from + most);
    this.add(range.job, to, range.to);
    return { ...range, to };
  }
}
