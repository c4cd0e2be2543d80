import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** How source runs. Said here and not inherited: a test runner's own arguments are of no use to a child. */
const RUN_SOURCE = ['--conditions=source', '--import', 'tsx'];

/** A process of ours that is going to be frozen or killed. */
export class Child {
  readonly #process: ChildProcess;
  readonly #gone: Promise<void>;

  /** Starts `module`, source or built, with `args`; `env` is added to ours. Its standard error is shown. */
  constructor(module: URL, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#process = fork(module, args, {
      execArgv: module.pathname.endsWith('.ts') ? RUN_SOURCE : [],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#gone = new Promise((resolve) => void this.#process.once('exit', () => resolve()));
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The next message that the child sends to its parent; rejects when it ends first. */
  message(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#process.once('message', resolve);
      void this.#gone.then(() => reject(new Error(`process ${this.pid} ended`)));
    });
  }

  send(message: object): void {
    if (this.#process.connected) this.#process.send(message);
  }

  /** Calls `hear` with each message that the child sends. */
  listen(hear: (message: unknown) => void): void {
    this.#process.on('message', hear);
  }

  /** SIGSTOP: alive, connected, and doing nothing. */
  freeze(): void {
    this.#process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process.kill('SIGCONT');
  }

  /** SIGKILL: no chance to say good-bye. Resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#gone;
  }

  /** SIGTERM, and SIGKILL when it has not ended after `graceMs`. */
  async end(graceMs = 5_000): Promise<void> {
    this.#process.kill('SIGTERM');
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), graceMs);
    await this.#gone;
    clearTimeout(impatience);
  }
}
