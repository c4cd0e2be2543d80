/**
 * The embedded PostgreSQL cannot run here, or must not. The message is written for whoever started
 * the program: what is wrong, then what to do.
 */
export class EmbeddedPostgresCannotRun extends Error {
  override readonly name = 'EmbeddedPostgresCannotRun';
}

/** The way out that is open on every machine. */
export const SET_DATABASE_URL =
  'Set DATABASE_URL to a PostgreSQL 15 or newer to use that instead of the embedded one.';
