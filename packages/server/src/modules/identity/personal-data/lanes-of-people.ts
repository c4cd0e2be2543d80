import type { Erased, Person } from './personal-data.ts';

/** Whom to look for in one lane. */
export interface PeopleInLane {
  readonly lane: number;
  readonly users: readonly string[];
  readonly subscriptions: readonly string[];
}

/** The lanes in which something about these people may be, in ascending order. */
export function lanesOfPeople(people: readonly Person[]): PeopleInLane[] {
  const lanes = new Map<number, { users: Set<string>; subscriptions: Set<string> }>();
  const at = (lane: number) => {
    const found = lanes.get(lane) ?? { users: new Set(), subscriptions: new Set() };
    lanes.set(lane, found);
    return found;
  };
  for (const { users, subscriptions } of people) {
    for (const { lane, userId } of users) at(lane).users.add(userId);
    for (const { id, lanes: all } of subscriptions) for (const lane of all) at(lane).subscriptions.add(id);
  }
  return [...lanes]
    .toSorted(([a], [b]) => a - b)
    .map(([lane, { users, subscriptions }]) => ({
      lane,
      users: [...users],
      subscriptions: [...subscriptions],
    }));
}

/** Adds up what is erased of each person, found by the ids of users and subscriptions. */
export class ErasedCounts {
  readonly #people: readonly Person[];
  readonly #whose = new Map<string, number>();
  readonly #rows: number[];
  readonly #unfinished = new Set<number>();

  constructor(people: readonly Person[]) {
    this.#people = people;
    this.#rows = people.map(() => 0);
    for (const [index, { users, subscriptions }] of people.entries()) {
      for (const { userId } of users) this.#whose.set(userId, index);
      for (const { id } of subscriptions) this.#whose.set(id, index);
    }
  }

  /** Rows of whom one of the ids names; the first that is known counts. */
  add(ids: readonly (string | null)[], rows: number): void {
    const index = this.#indexOf(ids);
    if (index !== undefined) this.#rows[index] = (this.#rows[index] ?? 0) + rows;
  }

  leaveUnfinished(ids: readonly (string | null)[]): void {
    const index = this.#indexOf(ids);
    if (index !== undefined) this.#unfinished.add(index);
  }

  results(): Erased[] {
    return this.#people.map((_, index) => ({
      rows: this.#rows[index] ?? 0,
      isUnfinished: this.#unfinished.has(index),
    }));
  }

  #indexOf(ids: readonly (string | null)[]): number | undefined {
    for (const id of ids) {
      const index = id === null ? undefined : this.#whose.get(id);
      if (index !== undefined) return index;
    }
    return undefined;
  }
}
