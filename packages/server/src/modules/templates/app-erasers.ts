import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseContents, eraseSpareContents, eraseTemplates } from './app-eraser-store.ts';

/** What goes of templates when an app is deleted. */
export const templateErasers: readonly AppEraser[] = [
  { name: 'templates', tables: ['templates'], erase: eraseInBatches(eraseTemplates) },
  { name: 'contents', tables: ['contents'], erase: eraseInBatches(eraseContents) },
  { name: 'spare-contents', tables: ['spare_contents'], erase: eraseInBatches(eraseSpareContents) },
];
