import type { ChildProcess } from 'node:child_process';
import type { Logger } from '../log.ts';
import { startPostmaster, stopPostmaster } from './postmaster.ts';
import type { PostmasterOptions, RunningPostmaster } from './postmaster.ts';

/** A server that ends more often than this within the window has a lasting reason for it. */
const MOST_RESTARTS = 5;
const WINDOW_MS = 60_000;

/**
 * Keeps one server running: one that ends by itself is started again on the same port, so that the
 * address in use stays good and clients only have to connect again.
 */
export class Supervisor {
  readonly #options: PostmasterOptions;
  readonly #log: Logger;
  readonly #onGivenUp: (error: Error) => void;
  readonly #restarts: number[] = [];
  #running: RunningPostmaster | null = null;
  #restarting: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(options: PostmasterOptions, log: Logger, onGivenUp: (error: Error) => void) {
    this.#options = options;
    this.#log = log;
    this.#onGivenUp = onGivenUp;
  }

  async start(port: number | undefined): Promise<RunningPostmaster> {
    const running = await startPostmaster(this.#options, port);
    this.#watch(running);
    // Whoever calls process.exit leaves no server behind; it is given the signal and ends by itself.
    process.once('exit', this.#endWithProcess);
    return running;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#restarting;
    if (this.#running) await stopPostmaster(this.#running.child);
    process.off('exit', this.#endWithProcess);
  }

  readonly #endWithProcess = () => void this.#running?.child.kill('SIGINT');

  #watch(running: RunningPostmaster): void {
    this.#running = running;
    const { child } = running;
    const lost = () => {
      if (!this.#isStopping) this.#restarting = this.#restart(running.port, child);
    };
    if (child.exitCode === null && child.signalCode === null) child.once('exit', lost);
    else lost();
  }

  async #restart(port: number, ended: ChildProcess): Promise<void> {
    this.#running = null;
    this.#log.error(
      { code: ended.exitCode, signal: ended.signalCode },
      'the database server ended; restarting it',
    );
    try {
      this.#countRestart();
      const running = await startPostmaster(this.#options, port);
      if (running.port !== port) {
        await stopPostmaster(running.child);
        throw new Error(`port ${port} was taken while the database server was down`);
      }
      this.#watch(running);
    } catch (error) {
      this.#onGivenUp(error as Error);
    }
  }

  #countRestart(): void {
    const now = performance.now();
    const recent = this.#restarts.filter((at) => at > now - WINDOW_MS);
    this.#restarts.splice(0, Infinity, ...recent, now);
    if (recent.length >= MOST_RESTARTS) {
      throw new Error(`the database server ended ${recent.length} times within a minute`);
    }
  }
}
