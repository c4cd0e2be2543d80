import { nameIdInLane } from '../../../platform/ids.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { RealRun } from './past-store.ts';

/** A run that really began within this time of a simulated one is the same: a batch is worked soon, not at once. */
const CLOSE_MS = 60_000;

/**
 * Names simulated runs: by the id of the run that really began then, so that chance falls as it fell, or else always
 * the same for the same question.
 */
export class RunNames {
  readonly #left: RealRun[];
  #made = 0;

  constructor(realRuns: readonly RealRun[]) {
    this.#left = [...realRuns];
  }

  nameAt(journeyId: string, { lane, userId }: UserPlace, at: number): string {
    const found = this.#left.findIndex((run) => run.at >= at && run.at - at <= CLOSE_MS);
    const [real] = found < 0 ? [] : this.#left.splice(found, 1);
    this.#made += 1;
    return (
      real?.runId ?? nameIdInLane(lane, 'simulated run', journeyId, userId, String(at), String(this.#made))
    );
  }
}
