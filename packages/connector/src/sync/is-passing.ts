import { sqlStateOf } from '../sources/sql-state.ts';

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
  // MySQL's driver and server: the connection went, too many of them, a lock was waited for too long, a deadlock.
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
  'SQLITE_BUSY',
  'SOURCE_UNREACHABLE',
  'SOURCE_FILE_BROKEN',
]);

/** What Node's own SQLite numbers: SQLITE_BUSY and SQLITE_LOCKED; the kind of it is in the higher bits. */
const isBusy = (code: number): boolean => [5, 6].includes(code & 0xff);

/** Will the same thing work later, without anybody doing anything to our side? */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && PASSING_CODES.has(error.code)) return true;
  if ('errcode' in error && typeof error.errcode === 'number') return isBusy(error.errcode);
  const state = sqlStateOf(error);
  if (state !== null) return PASSING_CLASSES.has(state.slice(0, 2));
  if (error instanceof AggregateError) return error.errors.every(isPassing);
  // A driver has no code for a connection that went away under it.
  return /connection terminated|connection ended|connection is in closed state|ended the change stream/i.test(
    error.message,
  );
}
