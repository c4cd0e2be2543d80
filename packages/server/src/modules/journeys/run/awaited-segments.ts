import type { Journey } from '../definition/definition.ts';
import type { LiveMemberships } from './fact-sources.ts';
import type { JourneyIndex } from './journey-index.ts';

/** Lets a journey go on that awaited its segments. False where somebody else has, or has changed it. */
export type EndAwaiting = (journey: Journey) => Promise<boolean>;

/**
 * Journeys that name segments of which it was not known who is in them when they went live, or were changed: nobody
 * moves in them until it is. Asked with each batch, and of journeys that wait only.
 */
export class AwaitedSegments {
  readonly #memberships: Pick<LiveMemberships, 'areReady'>;
  readonly #endAwaiting: EndAwaiting;

  constructor(memberships: Pick<LiveMemberships, 'areReady'>, endAwaiting: EndAwaiting) {
    this.#memberships = memberships;
    this.#endAwaiting = endAwaiting;
  }

  /** True where a journey goes on: the book has to be read again. */
  async look(index: JourneyIndex): Promise<boolean> {
    let isChanged = false;
    for (const { journey, segmentIds } of index.awaiting) {
      if (!(await this.#memberships.areReady(journey.appId, segmentIds))) continue;
      isChanged = (await this.#endAwaiting(journey)) || isChanged;
    }
    return isChanged;
  }
}
