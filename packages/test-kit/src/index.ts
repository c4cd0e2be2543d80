export { createScratchDatabase } from './database/scratch-database.ts';
export { createTestDatabase } from './database/test-database.ts';
export type { TestDatabase } from './database/test-database.ts';
export { FakeClock } from './fake-clock.ts';
