import { createHash } from 'node:crypto';
import type { MjmlResult } from './compile-mjml.ts';

/** None is larger than 256 KB, and most are a tenth of it. */
const MOST = 32;

/** What came of the sources used last. */
export class RecentResults {
  readonly #results = new Map<string, MjmlResult>();

  get(source: string): MjmlResult | undefined {
    const key = keyOf(source);
    const result = this.#results.get(key);
    if (result !== undefined) this.#put(key, result);
    return result;
  }

  set(source: string, result: MjmlResult): void {
    this.#put(keyOf(source), result);
    if (this.#results.size <= MOST) return;
    const oldest = this.#results.keys().next();
    if (!oldest.done) this.#results.delete(oldest.value);
  }

  clear(): void {
    this.#results.clear();
  }

  #put(key: string, result: MjmlResult): void {
    this.#results.delete(key);
    this.#results.set(key, result);
  }
}

function keyOf(source: string): string {
  return createHash('sha256').update(source).digest('base64');
}
