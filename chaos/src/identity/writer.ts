import { beginNotes } from './history.ts';
import type { Notes } from './history.ts';
import { MOST_TRIES, look } from './look.ts';
import { idsOf, wholePerson } from './person.ts';
import type { Call } from './person.ts';

/** Whoever writes people of its own while processes die. */
export interface Client {
  readonly histories: readonly Notes[];
  readonly acknowledged: number;
  run(): Promise<void>;
  stop(): void;
}

/** Writes its people one after the other, a request each, and makes sure where it got no answer. */
export class Writer implements Client {
  readonly histories: readonly Notes[];
  readonly #call: Call;
  #stopped = false;
  acknowledged = 0;

  constructor(call: Call, people: readonly string[]) {
    this.#call = call;
    this.histories = people.map(beginNotes);
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      for (const notes of this.histories) {
        if (this.#stopped) return;
        notes.write += 1;
        notes.events.push({ kind: 'asked', write: notes.write });
        if (await this.#write(notes)) continue;
        // Half of the time as a careful client: it reads first. Otherwise it sends the same again.
        await (Math.random() < 0.5 ? look(this.#call, notes) : this.#writeAgain(notes));
      }
    }
  }

  async #write({ person, write, events }: Notes): Promise<boolean> {
    const answer = await this.#call('POST', 'users', wholePerson(person, write));
    if (answer === null) return false;
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    events.push({ kind: 'acknowledged', write, ids: idsOf(answer.body) });
    this.acknowledged += 1;
    return true;
  }

  async #writeAgain(notes: Notes): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (await this.#write(notes)) return;
    }
    throw new Error(`${MOST_TRIES} times no answer`);
  }
}
