import type { Queryable } from '../../../platform/database/database.ts';
import { LANES } from '../../../platform/ids.ts';
import type { AppEraser } from './app-eraser.ts';

/** For tables of users, whose keys begin with the lane: a piece is a lane. */
export function eraseByLane(
  eraseLane: (transaction: Queryable, appId: string, lane: number) => Promise<number>,
): AppEraser['erase'] {
  return async (transaction, appId, cursor) => {
    const lane = Number(cursor ?? 0);
    const rows = await eraseLane(transaction, appId, lane);
    return { rows, next: lane + 1 < LANES ? String(lane + 1) : null };
  };
}
