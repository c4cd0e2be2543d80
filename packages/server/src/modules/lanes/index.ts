/** Who owns which users' lanes, what waits for them, and when it is worked. */
export { Lanes } from './lanes.ts';
export type { LanesOptions } from './lanes.ts';
export { openLaneDatabase } from './lane-database.ts';
export type { LaneDatabaseOptions } from './lane-database.ts';
export { fence, fenceOf } from './fence-store.ts';
export { appendInbox, readInbox } from './inbox-store.ts';
export type { InboxRow } from './inbox-store.ts';
export type { BatchResult, LaneWorker, OwnedLanes } from './lane-worker.ts';
export { laneErasers } from './app-erasers.ts';
export { inboxData } from './personal-data-store.ts';
