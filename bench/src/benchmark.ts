import type { TestDatabase } from '@carillon/test-kit';

/**
 * Figures by name. Shared names mean the same everywhere: `rate_per_s`, `ratio_to_baseline` (rate
 * divided by the rate of the bare thing it is built on, same run), `peak_rss_mb`, `p50_ms`,
 * `p99_ms`, `p99_lateness_ms`. Others are the benchmark's own, in the same style.
 */
export type Figures = Readonly<Record<string, number>>;

/** What a benchmark is given to work with. */
export interface Bench {
  /** A fresh, migrated database; dropped when the benchmark has ended. */
  database(): Promise<TestDatabase>;
  /** The whole number that `--flag` is followed by on the command line. */
  number(flag: string, otherwise: number): number;
  /** One line for the reader. Figures that matter go into the result. */
  say(line: string): void;
  /** Something is wrong that no figure excuses: says so, and the run ends with 1. */
  broken(sentence: string): void;
  /** Called when the benchmark has ended, in reverse order, also when it failed. */
  afterwards(close: () => Promise<void>): void;
}

export interface Benchmark {
  /** One sentence: what is measured, beside what. */
  readonly about: string;
  run(bench: Bench): Promise<Figures>;
}
