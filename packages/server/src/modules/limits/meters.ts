import type { RateClass } from '@carillon/wire';
import { RATE_CLASSES } from '@carillon/wire';
import { Meter } from './meter.ts';

/**
 * The meters in use. Whoever has not been seen while so many others were is forgotten, so strangers
 * from many addresses cannot fill the memory: what a forgotten meter held is lost to its window.
 */
export class Meters {
  readonly #most: number;
  #recent = emptyMaps();
  #former = emptyMaps();
  #count = 0;

  /** Keeps at least `most` of them, and at most twice as many. */
  constructor(most: number) {
    this.#most = most;
  }

  get(rate: RateClass, ownerId: string, address: string): Meter {
    const key = address === '' ? ownerId : `${ownerId} ${address}`;
    const known = this.#recent[rate].get(key);
    if (known !== undefined) return known;
    const meter = this.#former[rate].get(key) ?? new Meter({ ownerId, rate, address });
    if (this.#count >= this.#most) this.#forget();
    this.#recent[rate].set(key, meter);
    this.#count += 1;
    return meter;
  }

  #forget(): void {
    this.#former = this.#recent;
    this.#recent = emptyMaps();
    this.#count = 0;
  }
}

/** A map for each class: the key of a class that all callers share is the owner's id, as it comes. */
function emptyMaps(): Record<RateClass, Map<string, Meter>> {
  return Object.fromEntries(RATE_CLASSES.map((rate) => [rate, new Map()])) as Record<
    RateClass,
    Map<string, Meter>
  >;
}
