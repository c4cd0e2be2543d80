import { eraseByLane } from '../accounts/index.ts';
import type { AppEraser } from '../accounts/index.ts';
import { eraseJourneys, eraseRuns, eraseTrace } from './app-eraser-store.ts';

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
];
