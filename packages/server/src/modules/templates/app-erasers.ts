import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseContents, eraseTemplates } from './app-eraser-store.ts';

/** What goes of templates when an app is deleted. */
export const templateErasers: readonly AppEraser[] = [
  { name: 'templates', tables: ['templates'], erase: eraseInBatches(eraseTemplates) },
  { name: 'contents', tables: ['contents'], erase: eraseInBatches(eraseContents) },
];
