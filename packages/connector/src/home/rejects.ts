import { appendFile } from 'node:fs/promises';
import type { Reject } from '../model/reject.ts';

/** What was refused and will not be tried again by itself, one line of JSON each. */
export class Rejects {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async add(rejects: readonly Reject[], now: number): Promise<void> {
    if (rejects.length === 0) return;
    const at = new Date(now).toISOString();
    await appendFile(this.#path, rejects.map((reject) => `${JSON.stringify({ at, ...reject })}\n`).join(''));
  }
}
