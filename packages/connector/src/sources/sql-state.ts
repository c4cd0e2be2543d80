/**
 * The SQLSTATE of a database's refusal, whatever the driver; null for anything else.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  // PostgreSQL's driver has it in `code` beside a severity, MySQL's in `sqlState`.
  if ('severity' in error && 'code' in error && typeof error.code === 'string') return error.code;
  return 'sqlState' in error && typeof error.sqlState === 'string' ? error.sqlState : null;
}
