import { setTimeout as pause } from 'node:timers/promises';
import type { CustomEvents } from '@carillon/server';

const CALLERS = 4;
const CALL = 100;

/** Starts runs one after the other, and tells half of them later that they may go on. */
export class RunFeeder {
  readonly #events: CustomEvents;
  readonly #appId: string;
  readonly #users: number;
  /** Accepted events that start a run. */
  started = 0;

  constructor(events: CustomEvents, appId: string, users: number) {
    this.#events = events;
    this.#appId = appId;
    this.#users = users;
  }

  /** Until `runs` have started. `pauseMs` between two calls of a caller. */
  async start(runs: number, pauseMs: number): Promise<void> {
    const each = Math.ceil(runs / CALLERS);
    await Promise.all(
      Array.from({ length: CALLERS }, async (_, caller) => {
        let before: readonly number[] = [];
        for (let next = caller * each; next < (caller + 1) * each; next += CALL) {
          const orders = Array.from(
            { length: Math.min(CALL, (caller + 1) * each - next) },
            (_, n) => next + n,
          );
          await this.#take([
            ...orders.map((order) => this.#event('start', order)),
            ...before.map((order) => this.#event('go', order)),
          ]);
          this.started += orders.length;
          before = orders.filter((order) => order % 2 === 0);
          await pause(pauseMs);
        }
      }),
    );
  }

  #event(name: string, order: number) {
    return { name, external_id: `user-${order % this.#users}`, properties: { order } };
  }

  async #take(
    events: readonly { name: string; external_id: string; properties: { order: number } }[],
  ): Promise<void> {
    const [fault] = await this.#events.take(this.#appId, events);
    if (fault !== undefined) throw new Error(`an event was refused: ${fault.title}`);
  }
}
