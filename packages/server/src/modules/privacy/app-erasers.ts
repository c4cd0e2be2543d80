import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseErasures } from './app-eraser-store.ts';

/** What goes of erasures when an app is deleted. */
export const privacyErasers: readonly AppEraser[] = [
  { name: 'erasures', tables: ['erasures'], erase: eraseInBatches(eraseErasures) },
];
