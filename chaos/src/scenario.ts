import type { TestDatabase } from '@carillon/test-kit';

/** Counted by every scenario. `lost`, `duplicated` and `unaccounted` are 0 when the promises hold. */
export interface Figures {
  /** Processes killed or frozen. */
  readonly kills: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unaccounted: number;
  readonly [more: string]: number;
}

export interface Verdict {
  readonly figures: Figures;
  /** One sentence for each promise that broke; empty when all held. */
  readonly broken: readonly string[];
}

/** What a scenario is given to work with. */
export interface Chaos {
  /** A fresh, migrated database; dropped when the scenario has ended well, kept for a look otherwise. */
  database(): Promise<TestDatabase>;
  say(line: string): void;
  /** Called when the scenario has ended, in reverse order, also when it failed. */
  afterwards(close: () => Promise<void> | void): void;
  /** The whole number that follows `--name` on the command line, or `otherwise`. */
  number(name: string, otherwise: number): number;
  /** Milliseconds for which processes are killed. */
  readonly durationMs: number;
}

export interface Scenario {
  /** One sentence: what runs, what is done to it, what is checked. */
  readonly about: string;
  run(chaos: Chaos): Promise<Verdict>;
}
