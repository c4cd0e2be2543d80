export { EmbeddedPostgresCannotRun } from './cannot-run.ts';
export { hasEmbeddedPostgres } from './home.ts';
export { startEmbeddedPostgres } from './start-embedded-postgres.ts';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start-embedded-postgres.ts';
