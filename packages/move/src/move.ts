import type { Client } from '@carillon/client';
import type { MoveOptions } from './options.ts';
import type { Pace } from './pace.ts';
import type { StateFile } from './state.ts';

/** One run, with everything that its steps need. */
export interface Move {
  readonly options: MoveOptions;
  /** OneSignal, which speaks the same wire. */
  readonly from: Client;
  readonly to: Client;
  readonly pace: Pace;
  readonly file: StateFile;
  /** A line of the report: for machines, and for people. */
  readonly say: (line: object, sentence: string) => void;
}
