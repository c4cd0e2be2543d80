import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/log.ts';

type Session = Awaited<ReturnType<Database['session']>>;

const AGAIN_MS = 250;

/**
 * One connection that lives as long as the process and holds the advisory lock that says so. When it
 * breaks it is made anew; meanwhile peers may take this process's lanes, which costs a batch and
 * nothing else.
 */
export class LaneSession {
  readonly #database: Database;
  readonly #advisoryKey: number;
  readonly #log: Logger;
  #session: Session | undefined;
  #ended = false;

  constructor(database: Database, advisoryKey: number, log: Logger) {
    this.#database = database;
    this.#advisoryKey = advisoryKey;
    this.#log = log;
  }

  /** Resolves when the lock is held. Rejects when the database cannot be reached. */
  async open(): Promise<void> {
    const session = await this.#database.session();
    session.on('error', () => this.#reopen(session));
    session.on('end', () => this.#reopen(session));
    try {
      // A peer that tries this lock holds it for the length of its statement.
      while (!(await tryLock(session, this.#advisoryKey))) await pause(5);
    } catch (error) {
      session.release(true);
      throw error;
    }
    if (this.#ended) session.release(true);
    else this.#session = session;
  }

  /** Closes the connection, and with it the lock. */
  close(): void {
    this.#ended = true;
    this.#session?.release(true);
    this.#session = undefined;
  }

  #reopen(broken: Session): void {
    if (this.#session !== broken || this.#ended) return;
    this.#session = undefined;
    broken.release(true);
    this.#log.warn('lanes: the connection that holds the lock broke');
    this.#keepTrying();
  }

  #keepTrying(): void {
    if (this.#ended) return;
    this.open().catch(() => void setTimeout(() => this.#keepTrying(), AGAIN_MS).unref());
  }
}

async function tryLock(session: Session, key: number): Promise<boolean> {
  const { rows } = await session.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [key]);
  return rows[0]?.held === true;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}
