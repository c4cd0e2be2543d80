import type { FilterEntry } from '@carillon/wire';
import type { Expression } from '../audience/index.ts';

/** A name for conditions. */
export interface Segment {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  /** As they were sent, with numbers as text. */
  readonly filters: readonly FilterEntry[];
  readonly conditions: Expression;
  /** `default`: every app has it, and nobody changes it. */
  readonly source: 'custom' | 'default';
  /** A paused one takes no new messages. */
  readonly isActive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
