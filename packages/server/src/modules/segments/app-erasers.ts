import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseSegments } from './app-eraser-store.ts';

/** What goes of segments when an app is deleted. */
export const segmentErasers: readonly AppEraser[] = [
  { name: 'segments', tables: ['segments'], erase: eraseInBatches(eraseSegments) },
];
