import type { RenderFailure, SharedObjects } from './render-job.ts';
import type { WantedValues } from './wanted-values.ts';

/** A template as the thread needs it. */
export interface ThreadProgram {
  readonly templates: readonly string[];
  readonly wanted: WantedValues;
}

/** Main thread to rendering thread: some recipients of one content. */
export interface Slice {
  /** Counts from 1, and wraps: it travels in 32 bits. */
  readonly id: number;
  readonly key: string;
  /** The first time that this thread meets the key. */
  readonly program: ThreadProgram | null;
  /** Keys that will not come again without their program. */
  readonly forget: readonly string[];
  readonly shared: Partial<SharedObjects>;
  /** Packed values, recipient after recipient. */
  readonly values: string;
  readonly recipients: number;
  /** Milliseconds since the epoch: what `now` means. */
  readonly now: number;
}

/** Rendering thread to main thread. */
export interface SliceAnswer {
  readonly id: number;
  /** Packed parts, recipient after recipient. Empty parts for those that failed. */
  readonly parts: string;
  readonly failed: readonly (readonly [recipient: number, reason: RenderFailure])[];
  /** What the slice took, for choosing the size of the next. */
  readonly milliseconds: number;
}

/** Shared memory in which the thread says what it is at, so that whoever ends it knows whose fault it was. */
export const PROGRESS = {
  /** Id of the slice, 0 between slices. */
  slice: 0,
  /** Index of the recipient in it. */
  recipient: 1,
  length: 2,
} as const;
