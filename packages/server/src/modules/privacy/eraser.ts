import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/log.ts';
import type { Erased, PersonalData } from '../identity/index.ts';
import { afterPass } from './erasure.ts';
import { addErased, claimErasures, finishPasses, postponeErasure, renewErasures } from './erasure-store.ts';
import type { ClaimedErasure } from './erasure-store.ts';

export interface EraserOptions {
  /** Made by `openErasingDatabase`. */
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  /** Everything that holds data about people, in the order in which it is erased. */
  readonly parts: readonly PersonalData[];
}

/** Their lanes are walked once for all of them. */
const ERASURES_A_PASS = 500;
/** On the database's clock: after a crash another process goes on when it is over. */
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;
const AGAIN_MS = 5 * 60_000;

/** Erases what is held about people whose identity has been deleted. */
export class Eraser {
  readonly #options: EraserOptions;

  constructor(options: EraserOptions) {
    this.#options = options;
  }

  /**
   * Works all erasures that are due, and returns how many those were. When `stopping` aborts, it ends
   * before the next part, and the pass is made again by whoever comes next.
   */
  async work(stopping: AbortSignal = new AbortController().signal): Promise<number> {
    const { database, clock } = this.#options;
    for (let worked = 0; ;) {
      const options = { now: clock.now(), leaseMs: LEASE_MS, limit: ERASURES_A_PASS };
      const claimed = await claimErasures(database, options);
      if (claimed.length === 0) return worked;
      await this.#keeping(claimed, () => this.#pass(claimed, stopping));
      if (stopping.aborted) return worked;
      worked += claimed.length;
    }
  }

  /** One that cannot be worked must not hold up the others. */
  async #pass(claimed: readonly ClaimedErasure[], stopping: AbortSignal): Promise<void> {
    const { database, clock, log } = this.#options;
    try {
      await this.#erase(claimed, stopping);
    } catch (error) {
      const [only] = claimed;
      if (only === undefined) return;
      if (claimed.length > 1) {
        for (const one of claimed) await this.#pass([one], stopping);
        return;
      }
      log.error({ err: error, erasure: only.id }, 'an erasure failed and will be tried again');
      await postponeErasure(database, only, clock.now() + AGAIN_MS);
    }
  }

  async #erase(claimed: readonly ClaimedErasure[], stopping: AbortSignal): Promise<void> {
    const { database, clock, parts } = this.#options;
    const found = new Set<ClaimedErasure>();
    const unfinished = new Set<ClaimedErasure>();
    for (const part of parts) {
      if (stopping.aborted) {
        for (const one of claimed) await postponeErasure(database, one, clock.now());
        return;
      }
      const its = part.isThorough === true ? claimed.filter(({ passes }) => passes === 1) : claimed;
      if (its.length === 0) continue;
      const results: readonly Erased[] = await part.erase(its.map(({ person }) => person));
      const counts = its.flatMap((erasure, index) => {
        const { rows = 0, isUnfinished = false } = results[index] ?? {};
        if (rows > 0) found.add(erasure);
        if (isUnfinished) unfinished.add(erasure);
        return rows > 0 ? [{ erasure, rows }] : [];
      });
      if (counts.length > 0) await addErased(database, part.name, counts);
    }
    const now = clock.now();
    const passes = claimed.map((erasure) => {
      const result = {
        passes: erasure.passes,
        foundAnything: found.has(erasure),
        isUnfinished: unfinished.has(erasure),
      };
      const next = afterPass(result, now);
      return { erasure, state: next.state, dueAt: next.state === 'settling' ? next.dueAt : null };
    });
    await finishPasses(database, passes, now);
  }

  /** Keeps the lease while `work` runs. */
  async #keeping(claimed: readonly ClaimedErasure[], work: () => Promise<void>): Promise<void> {
    const { database, log } = this.#options;
    const beat = setInterval(() => {
      renewErasures(database, claimed, LEASE_MS).catch((error: unknown) =>
        log.warn({ err: error }, 'the lease of erasures was not renewed'),
      );
    }, RENEW_MS);
    beat.unref();
    try {
      await work();
    } finally {
      clearInterval(beat);
    }
  }
}
