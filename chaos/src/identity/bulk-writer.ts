import { beginNotes } from './history.ts';
import type { Notes } from './history.ts';
import { look } from './look.ts';
import { wholePerson } from './person.ts';
import type { Call } from './person.ts';
import type { Client } from './writer.ts';

/** Sends lines to the bulk route, and gives each line of the answer until it ends or breaks off. */
export type SendLines = (lines: readonly object[]) => AsyncIterable<unknown>;

interface LineResult {
  readonly line: number;
  readonly status: 'created' | 'updated' | 'unchanged' | 'rejected';
  readonly onesignal_id: string;
}

/** Of the people whose line got no result, the share that is read before it is written again. */
const READS = 0.3;

/** Writes all its people in one bulk request after the other; each line of an answer acknowledges one. */
export class BulkWriter implements Client {
  readonly histories: readonly Notes[];
  readonly #call: Call;
  readonly #send: SendLines;
  #stopped = false;
  acknowledged = 0;

  constructor(call: Call, send: SendLines, people: readonly string[]) {
    this.#call = call;
    this.#send = send;
    this.histories = people.map(beginNotes);
  }

  stop(): void {
    this.#stopped = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const open = new Set(this.histories);
      for (const notes of open) {
        notes.write += 1;
        notes.events.push({ kind: 'asked', write: notes.write });
      }
      const lines = this.histories.map(({ person, write }) => wholePerson(person, write));
      for await (const result of this.#send(lines)) this.#note(result, open);
      for (const notes of open) if (Math.random() < READS) await look(this.#call, notes);
    }
  }

  #note(result: unknown, open: Set<Notes>): void {
    const { line, status, onesignal_id: user } = result as LineResult;
    const notes = this.histories[line - 1];
    // The summary at the end is about no line.
    if (notes === undefined) return;
    if (status === 'rejected') throw new Error(`a line was rejected: ${JSON.stringify(result)}`);
    notes.events.push({ kind: 'acknowledged', write: notes.write, ids: { user, email: null, push: null } });
    open.delete(notes);
    this.acknowledged += 1;
  }
}
