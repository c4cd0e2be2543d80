export { Child } from './child.ts';
export { createScratchDatabase } from './database/scratch-database.ts';
export { createTestDatabase } from './database/test-database.ts';
export type { TestDatabase } from './database/test-database.ts';
export { FakeClock } from './fake-clock.ts';
export { counterProcess } from './lanes/counter-process-url.ts';
export { COUNTER_TABLES, CounterWorker } from './lanes/counter-worker.ts';
export { until } from './until.ts';
