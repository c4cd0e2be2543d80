import type { OutboxPosition } from '../../home/outbox.ts';

/** The place of one item that is under way. */
export interface Place {
  readonly end: OutboxPosition;
  done: boolean;
}

/** The items under way in the order of the outbox: it may forget those before the first that is not done. */
export class Window {
  #places: Place[] = [];
  #first = 0;

  get size(): number {
    return this.#places.length - this.#first;
  }

  /** Is the first one done, so that there is something to move on over? */
  get isDone(): boolean {
    return this.#places[this.#first]?.done === true;
  }

  add(end: OutboxPosition): Place {
    const place = { end, done: false };
    this.#places.push(place);
    return place;
  }

  /** Moves on over what is done; null where the first one is not. */
  advance(): OutboxPosition | null {
    let end: OutboxPosition | null = null;
    for (let place = this.#places[this.#first]; place?.done === true; place = this.#places[this.#first]) {
      end = place.end;
      this.#first += 1;
    }
    if (this.#first > 4096 || this.#first === this.#places.length) {
      this.#places = this.#places.slice(this.#first);
      this.#first = 0;
    }
    return end;
  }
}
