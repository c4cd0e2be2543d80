import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@carillon/client';

const PER_REQUEST = 20;

/** Posts custom events, the next of each user after the one before: `n` in their properties counts them. */
export class Feeder {
  readonly #client: Client;
  readonly #names: readonly string[];
  readonly #next: number[];
  accepted = 0;

  constructor(client: Client, names: readonly string[]) {
    this.#client = client;
    this.#names = names;
    this.#next = names.map(() => 0);
  }

  /** About `rate` events a second. Nothing is posted before an answer to what was posted before. */
  async run(rate: number, going: () => boolean): Promise<void> {
    while (going()) {
      const events = Array.from({ length: PER_REQUEST }, () => {
        const who = Math.floor(Math.random() * this.#names.length);
        const n = this.#next[who] ?? 0;
        this.#next[who] = n + 1;
        return { name: 'tick', external_id: this.#names[who] ?? '', payload: { n } };
      });
      const answer = await this.#client.customEvents.create(events);
      if (!answer.ok) throw new Error(`events were not taken: ${JSON.stringify(answer.failure)}`);
      this.accepted += events.length;
      await pause((PER_REQUEST / rate) * 1_000);
    }
  }
}
