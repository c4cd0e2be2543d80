import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Child } from '@carillon/test-kit';
import type { Trouble } from './fleet.ts';

/** The process that webhooks go to. It can be killed, and comes back at the same address. */
export class Receiver {
  readonly #module: URL;
  readonly file: string;
  readonly #secrets: Record<string, string> = {};
  #child: Child | null = null;
  #port = 0;
  #said = { isRough: true, phase: 0 };
  readonly troubles: Trouble[] = [];
  kills = 0;

  constructor(module: URL, file: string) {
    this.#module = module;
    this.file = file;
    writeFileSync(file, '');
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From its next start on it knows the secret of this path. */
  learn(path: string, secret: string): void {
    this.#secrets[path] = secret;
  }

  async start(): Promise<void> {
    const args = [String(this.#port), this.file, JSON.stringify(this.#secrets)];
    const child = new Child(this.#module, args);
    this.#child = child;
    this.#port = ((await child.message()) as { port: number }).port;
    child.send(this.#said);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    this.kills += 1;
    const from = Date.now();
    await child.kill();
    this.troubles.push({ from, to: Date.now() });
  }

  /** Takes everything from now on. */
  async calmDown(phase: number): Promise<void> {
    this.#said = { isRough: false, phase };
    this.#child?.send(this.#said);
  }

  /** Is killed and comes back a moment later, again and again; `livesMs` is how long it lives, about. */
  async suffer(going: () => boolean, livesMs = 2_000): Promise<void> {
    while (going()) {
      await pause(livesMs * (0.5 + Math.random()));
      await this.kill();
      await pause(Math.random() * 700);
      await this.start();
    }
  }

  async end(): Promise<void> {
    await this.#child?.kill();
    this.#child = null;
  }
}
