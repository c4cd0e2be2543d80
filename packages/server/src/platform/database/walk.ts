/** Rows that one statement of a walk through a table looks at. */
export const ROWS_A_STEP = 10_000;

/** One statement's part of a walk. */
export interface WalkStep {
  /** Where the next step begins; null when there was nothing left to look at. */
  readonly last: readonly unknown[] | null;
}

/**
 * Goes through rows that no index finds, a bounded number in each statement, in the order of a key.
 * `look` is called with the place that the step before ended at, `null` at the start.
 */
export async function* walk<Step extends WalkStep>(
  look: (after: WalkStep['last']) => Promise<Step | undefined>,
): AsyncGenerator<Step, void, undefined> {
  let after: WalkStep['last'] = null;
  do {
    const step: Step | undefined = await look(after);
    if (step === undefined) return;
    yield step;
    after = step.last;
  } while (after !== null);
}
