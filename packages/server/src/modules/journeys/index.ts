/** Journeys: what happens to a user, step by step, after an event. */
export { JourneyBook } from './definition/journey-book.ts';
export { JourneyStore } from './definition/journey-store.ts';
export type { Journey } from './definition/definition.ts';
export { Journeys } from './journeys.ts';
export type { JourneysOptions } from './journeys.ts';
export type { NamedSources } from './definition/validate/gather-facts.ts';
export { JourneyScheduler } from './journey-scheduler.ts';
export { JourneyInsight } from './insight/journey-insight.ts';
export { journeyInsightRoutes } from './insight/routes.ts';
export { journeysRoutes } from './routes.ts';
export type { AppRules, CurrentContents, FactSources, LiveMemberships } from './run/fact-sources.ts';
export { journeyVersionRoutes } from './version-routes.ts';
export { JourneyWorker } from './run/journey-worker.ts';
export type { JourneyWorkerOptions } from './run/journey-worker.ts';
export { journeysThatAskFor, journeysThatCall } from './where-used-store.ts';
export { journeyErasers } from './app-erasers.ts';
export { journeyData } from './run/personal-data-store.ts';
