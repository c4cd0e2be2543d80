import { eraseByLane } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseNews } from './app-eraser-store.ts';

/** What goes of the feed when an app is deleted. */
export const feedErasers: readonly AppEraser[] = [
  { name: 'feed', tables: ['feed', 'feed_floors'], erase: eraseByLane(eraseNews) },
];
