import type { DynamicContent } from '../../templates/index.ts';
import type { RenderFailure, SharedObjects } from './render-job.ts';
import type { WantedValues } from './wanted-values.ts';

/** A content as the rendering process needs it. */
export interface RenderProgram {
  readonly templates: readonly string[];
  readonly wanted: WantedValues;
}

/** To the rendering process: some recipients of one content. */
export interface Slice {
  readonly id: number;
  readonly key: string;
  /** The first time that this process meets the key. */
  readonly program: RenderProgram | null;
  /** Keys that will not come again without their program. */
  readonly forget: readonly string[];
  readonly shared: Partial<SharedObjects> & { readonly dynamic_content?: DynamicContent };
  /** Packed values, recipient after recipient. */
  readonly values: string;
  readonly recipients: number;
  /** Milliseconds since the epoch: what `now` means. */
  readonly now: number;
  /** Whether the answer tells of parts that fail. */
  readonly explain: boolean;
}

/** A part that failed and is empty. */
export interface PartFault {
  readonly recipient: number;
  /** Which of the program's templates. */
  readonly template: number;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

/** From the rendering process, in the order of the slices. */
export interface SliceAnswer {
  readonly id: number;
  /** Packed parts, recipient after recipient. Empty parts for those that failed. */
  readonly parts: string;
  readonly failed: readonly (readonly [recipient: number, reason: RenderFailure])[];
  /** Only where the slice asks for it. */
  readonly faults: readonly PartFault[];
  /** What the slice took, for choosing the size of the next. */
  readonly milliseconds: number;
}
