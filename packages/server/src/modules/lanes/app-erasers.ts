import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseInbox } from './app-eraser-store.ts';

/** What goes of the lanes when an app is deleted. */
export const laneErasers: readonly AppEraser[] = [
  { name: 'lane-inbox', tables: ['lane_inbox'], erase: eraseInBatches(eraseInbox) },
];
