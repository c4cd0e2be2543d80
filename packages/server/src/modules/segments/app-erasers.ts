import { eraseByLane, eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseSegments, eraseState } from './app-eraser-store.ts';
import { eraseLive } from './live/watch-store.ts';

/** What goes of segments when an app is deleted: first that they are live, then what was kept by it. */
export const segmentErasers: readonly AppEraser[] = [
  {
    name: 'live-segments',
    tables: ['live_segments', 'segment_watches', 'session_watches', 'segment_walks', 'watched_apps'],
    halt: async (transaction, appId) => void (await eraseLive(transaction, appId)),
    erase: async (transaction, appId) => ({ rows: await eraseLive(transaction, appId), next: null }),
  },
  { name: 'segment-state', tables: ['segment_state'], erase: eraseByLane(eraseState) },
  { name: 'segments', tables: ['segments'], erase: eraseInBatches(eraseSegments) },
];
