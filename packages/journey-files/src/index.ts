/** Journeys as files in a folder, held against a server. */
export { runJourneys } from './run-journeys.ts';
