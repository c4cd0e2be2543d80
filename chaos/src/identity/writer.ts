import type { Event, History } from './history.ts';
import { idsOf, readPerson, wholePerson } from './person.ts';
import type { Call } from './person.ts';

/** How often a request is sent again after no answer, before the run counts as stuck. */
const MOST_TRIES = 400;

/** A client with people of its own: it writes them one after the other, and looks where it got no answer. */
export class Writer {
  readonly #call: Call;
  readonly #people: { readonly person: string; readonly events: Event[]; write: number }[];
  #stopped = false;
  acknowledged = 0;

  constructor(call: Call, people: readonly string[]) {
    this.#call = call;
    this.#people = people.map((person) => ({ person, events: [], write: 0 }));
  }

  get histories(): History[] {
    return this.#people;
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      for (const one of this.#people) {
        if (this.#stopped) return;
        one.write += 1;
        one.events.push({ kind: 'asked', write: one.write });
        if (await this.#write(one.person, one.write, one.events)) continue;
        // Half of the time as a careful client: it reads first. Otherwise it sends the same again.
        if (Math.random() < 0.5) await this.#look(one.person, one.events);
        else await this.#writeAgain(one.person, one.write, one.events);
      }
    }
  }

  /** Reads everybody once more: what there is at the end. */
  async lookAtAll(): Promise<void> {
    for (const { person, events } of this.#people) await this.#look(person, events);
  }

  async #write(person: string, write: number, events: Event[]): Promise<boolean> {
    const answer = await this.#call('POST', 'users', wholePerson(person, write));
    if (answer === null) return false;
    if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    events.push({ kind: 'acknowledged', write, ids: idsOf(answer.body) });
    this.acknowledged += 1;
    return true;
  }

  async #writeAgain(person: string, write: number, events: Event[]): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if (await this.#write(person, write, events)) return;
    }
    throw new Error(`${MOST_TRIES} times no answer`);
  }

  async #look(person: string, events: Event[]): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const answer = await this.#call('GET', `users/by/external_id/${person}`);
      if (answer === null) continue;
      if (answer.status >= 500) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      events.push({ kind: 'seen', seen: answer.status === 404 ? null : readPerson(answer.body) });
      return;
    }
    throw new Error(`${MOST_TRIES} times no answer`);
  }
}
