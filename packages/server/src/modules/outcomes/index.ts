/** Outcomes: what people did after messages, counted. */
export { Outcomes } from './outcomes.ts';
export { parseQuestion } from './parse-question.ts';
export { outcomeErasers } from './app-erasers.ts';
export { outcomeJobs } from './jobs.ts';
export { outcomeRoutes } from './routes.ts';
export { bucketOf, CLICK, CONFIRMED_DELIVERY } from './outcome.ts';
export { COUNT_ENGAGED } from './outcome-store.ts';
