import pg from 'pg';

/**
 * Classes of SQLSTATE that go away by themselves: connection, resources, operator intervention,
 * internal conflicts. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const PASSING_CLASSES: ReadonlySet<string> = new Set(['08', '40', '53', '55', '57', '58']);
const PASSING_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** Will the same thing work later, without anybody doing anything to our side? */
export function isPassing(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return PASSING_CLASSES.has((error.code ?? '').slice(0, 2));
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.every(isPassing);
  if ('code' in error && typeof error.code === 'string') return PASSING_CODES.has(error.code);
  // The driver has no code for a connection that went away under it.
  return /connection terminated|connection ended|ended the change stream/i.test(error.message);
}
