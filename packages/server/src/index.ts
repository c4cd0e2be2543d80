export { Database, asJson, statement } from './platform/database/database.ts';
export type { DatabaseOptions, Queryable, Statement } from './platform/database/database.ts';
export { migrate } from './platform/database/migrate.ts';
export { systemClock } from './platform/clock.ts';
export type { Clock, Timer } from './platform/clock.ts';
