import type { Queryable } from '../../platform/database/database.ts';
import type { Person } from '../identity/index.ts';
import { findBeingErased } from '../privacy/index.ts';
import type { Column } from './columns.ts';
import type { Row } from './csv/row.ts';
import type { ImportRecord } from './import-record.ts';
import { PeopleInRows } from './people-in-rows.ts';

/** Thrown out of a batch's transaction: its rows name people who were deleted since the file came. */
export class NamesErased extends Error {
  /** All who are being erased, so that one look at the file is enough for them. */
  readonly people: readonly Person[];

  constructor(people: readonly Person[]) {
    super('rows name people who are being erased');
    this.people = people;
  }
}

/**
 * People who were deleted since a file came, while their rows are still in it: those must not make them anew.
 *
 * Asked behind the writes of a batch, in its transaction, nobody slips through. A row can make somebody anew only by
 * an alias or a token that was theirs, and it gets that when their deletion is committed, not before: its key was
 * theirs until then. The deletion commits with its erasure, and the statement that asks begins after. Where the row
 * was first, the deletion waits for the batch, and takes what that has written.
 */
export class ErasedMeanwhile {
  readonly #appId: string;
  readonly #since: Date;
  readonly #columns: readonly Column[];
  readonly #people = new Map<string, Person>();
  #rows: PeopleInRows | null = null;

  constructor({ appId, createdAt }: Pick<ImportRecord, 'appId' | 'createdAt'>, columns: readonly Column[]) {
    this.#appId = appId;
    this.#since = createdAt;
    this.#columns = columns;
  }

  /** Throws NamesErased when rows name one of them. `transaction` sees what others have committed until now. */
  async refuse(transaction: Queryable, rows: readonly Row[]): Promise<void> {
    await this.#look(transaction);
    const found = this.#rows;
    if (found === null) return;
    if (rows.some((row) => 'fields' in row && found.whose(row.fields) !== null)) {
      throw new NamesErased([...this.#people.values()]);
    }
  }

  async #look(transaction: Queryable): Promise<void> {
    const known = [...this.#people.keys()];
    const before = this.#people.size;
    for (const { id, person } of await findBeingErased(transaction, this.#appId, this.#since, known)) {
      if (person !== null) this.#people.set(id, person);
    }
    if (this.#people.size > before) {
      this.#rows = new PeopleInRows(this.#columns, [...this.#people.values()]);
    }
  }
}
