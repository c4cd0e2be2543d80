import { setTimeout as pause } from 'node:timers/promises';
import type { CustomEvents } from '@carillon/server';

/** Events of each user are numbered in the order in which they were accepted. */
export class Feeder {
  readonly #events: CustomEvents;
  readonly #appId: string;
  readonly #users: number;
  accepted = 0;
  #stopped = false;

  constructor(events: CustomEvents, appId: string, users: number) {
    this.#events = events;
    this.#appId = appId;
    this.#users = users;
  }

  /** Several callers at once, each with its own users, until `stop`. Sends an event after the answer to the last. */
  async run(callers: number, pauseMs: number): Promise<void> {
    const each = this.#users / callers;
    await Promise.all(
      Array.from({ length: callers }, async (_, caller) => {
        const next = Array.from({ length: each }, () => 0);
        while (!this.#stopped) {
          const batch = Array.from({ length: 10 }, () => {
            const user = Math.floor(Math.random() * each);
            const seq = next[user] ?? 0;
            next[user] = seq + 1;
            return { name: 'tick', external_id: `user-${caller * each + user}`, properties: { seq } };
          });
          const faults = await this.#events.take(this.#appId, batch);
          if (faults.length > 0) throw new Error(`an event was refused: ${faults[0]?.title ?? ''}`);
          this.accepted += batch.length;
          await pause(pauseMs);
        }
      }),
    );
  }

  stop(): void {
    this.#stopped = true;
  }
}
