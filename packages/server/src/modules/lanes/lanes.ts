import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Hints } from '../../platform/database/hints.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/log.ts';
import { LaneOwnership } from './lane-ownership.ts';
import { LaneSession } from './lane-session.ts';
import type { LaneWorker, OwnedLanes } from './lane-worker.ts';
import { WorkLoop } from './work-loop.ts';

export interface LanesOptions {
  /** Made by `openLaneDatabase`, with the same number of groups. */
  readonly database: Database;
  readonly clock: Clock;
  /** Topic `inbox` starts work sooner, topic `owners` a look at who owns what. */
  readonly hints: Hints;
  readonly log: Logger;
  readonly workers: readonly LaneWorker[];
  /**
   * Batches under way at once, each for its own part of the lanes: while one is computed here,
   * another is written there. 2 when absent.
   */
  readonly groups?: number;
  /** Milliseconds until the lanes of a frozen process are taken. 3000 when absent. */
  readonly leaseMs?: number;
  /** Milliseconds between two looks at the peers: how soon a dead one is noticed. 200 when absent. */
  readonly lookMs?: number;
}

/** The lanes of this process: owns its share of them and works them. */
export class Lanes {
  readonly #ownership: LaneOwnership;
  readonly #session: LaneSession;
  readonly #loops: readonly WorkLoop[];
  readonly #hints: Hints;
  #deaf: (() => void)[] = [];

  constructor(options: LanesOptions) {
    const { database, clock, hints, log, workers, groups = 2, leaseMs = 3_000, lookMs = 200 } = options;
    const owner = newId();
    const advisoryKey = Number.parseInt(owner.slice(0, 8) + owner.slice(9, 13), 16);
    this.#loops = Array.from(
      { length: groups },
      () => new WorkLoop({ clock, log, workers, onRefused: () => this.#ownership.lookNow() }),
    );
    this.#session = new LaneSession(database, advisoryKey, log);
    this.#ownership = new LaneOwnership({
      database,
      hints,
      owner,
      advisoryKey,
      leaseMs,
      lookMs,
      log,
      onChange: (owned) => this.#divide(owned),
    });
    this.#hints = hints;
  }

  /** What this process owns now. It may be out of date a moment later: the fence decides. */
  get owned(): OwnedLanes {
    return this.#ownership.owned;
  }

  /** Resolves when the lanes that were free are owned and worked. */
  async start(): Promise<void> {
    await this.#session.open();
    await this.#ownership.start();
    for (const loop of this.#loops) loop.start();
    this.#deaf = [
      this.#hints.on('inbox', () => this.#wake()),
      this.#hints.on('owners', () => this.#ownership.lookNow()),
    ];
  }

  /** Ends the batches under way and gives the lanes back. */
  async stop(): Promise<void> {
    for (const stop of this.#deaf) stop();
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#ownership.stop();
    this.#session.close();
  }

  #wake(): void {
    for (const loop of this.#loops) loop.wake();
  }

  async #divide(owned: OwnedLanes): Promise<void> {
    await Promise.all(
      this.#loops.map((loop, group) => {
        const lanes = [...owned.lanes].filter(([lane]) => lane % this.#loops.length === group);
        return loop.setLanes({ owner: owned.owner, lanes: new Map(lanes) });
      }),
    );
  }
}
