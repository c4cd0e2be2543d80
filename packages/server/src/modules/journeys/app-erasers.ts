import { eraseByLane } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import {
  eraseCounts,
  eraseEntries,
  eraseJourneys,
  eraseLaunches,
  eraseRefusals,
  eraseRuns,
  eraseTrace,
} from './app-eraser-store.ts';

/** What goes of journeys when an app is deleted. Runs before traces: a run that ends writes a line. */
export const journeyErasers: readonly AppEraser[] = [
  {
    name: 'journeys',
    tables: ['journeys', 'journey_versions'],
    halt: async (transaction, appId) => void (await eraseJourneys(transaction, appId)),
    erase: async (transaction, appId) => ({ rows: await eraseJourneys(transaction, appId), next: null }),
  },
  { name: 'journey-runs', tables: ['journey_runs'], erase: eraseByLane(eraseRuns) },
  { name: 'journey-trace', tables: ['journey_trace'], erase: eraseByLane(eraseTrace) },
  { name: 'journey-entries', tables: ['journey_entries'], erase: eraseByLane(eraseEntries) },
  { name: 'journey-refusals', tables: ['journey_refusals'], erase: eraseByLane(eraseRefusals) },
  { name: 'journey-counts', tables: ['journey_counts'], erase: eraseByLane(eraseCounts) },
  { name: 'journey-launches', tables: ['journey_launches'], erase: eraseByLane(eraseLaunches) },
];
