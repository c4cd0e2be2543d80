import type { MjmlResult } from './compile-mjml.ts';

/** To the process that compiles: one document at a time. */
export interface MjmlWork {
  readonly source: string;
}

/** From it. */
export interface MjmlAnswer {
  readonly result: MjmlResult;
}
