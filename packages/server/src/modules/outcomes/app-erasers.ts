import { eraseInBatches } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseOutcomes } from './outcome-store.ts';

/** What goes of outcomes when an app is deleted. */
export const outcomeErasers: readonly AppEraser[] = [
  { name: 'outcome-counts', tables: ['outcome_counts'], erase: eraseInBatches(eraseOutcomes) },
];
