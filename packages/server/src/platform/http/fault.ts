/** PostgreSQL says: shutting down, starting up, out of connections. Any 08 code is a lost connection. */
const TRANSIENT = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** True when something we depend on is away: the same request may well succeed a little later. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (TRANSIENT.has(code) || /^08...$/.test(code))) return true;
  return /^Connection terminated|^timeout exceeded when trying to connect/.test(error.message);
}

/**
 * What the log may know of a fault of ours. PostgreSQL's messages and details quote the values of rows,
 * which are people's data, so of its errors only the names of things are kept.
 */
export function describeFault(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, severity, table, column, constraint, routine } = error as Error & Record<string, unknown>;
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '));
  const cause = error.cause === undefined ? {} : { cause: describeFault(error.cause) };
  if (severity !== undefined) {
    return { name: 'DatabaseError', code, table, column, constraint, routine, frames, ...cause };
  }
  return { name: error.name, message: error.message, code, frames, ...cause };
}
