import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Cursors } from '../model/source.ts';
import type { Look } from './look.ts';
import type { OutboxPosition } from './outbox.ts';
import { RecordFile } from './record-file.ts';
import { SortedTable } from './sorted-table.ts';
import type { Entry } from './sorted-table.ts';
import { syncDirectory } from './sync-directory.ts';
import { writeMerged } from './write-merged.ts';
import { writeWhole } from './write-whole.ts';

/** How far the connector has come; kept as a whole. */
export interface Progress {
  /** Everything before it in the outbox is done. */
  readonly outbox: OutboxPosition;
  /** Says which configuration the acknowledged hashes belong to; null before the first run. */
  readonly fingerprint: string | null;
  /** The comparisons of everything, by what is looked at. */
  readonly looks: Readonly<Record<string, Look>>;
  /** The triggers whose rows had their past noted as history; null before the first beginning. */
  readonly seeded: readonly string[] | null;
  /** Where changes have been read to, as the source told. */
  readonly cursors: Cursors;
  /** Where the event feed of a target has been read to; null at its beginning. */
  readonly feed: { readonly target: string; readonly cursor: string } | null;
  /** Users who went by changes of their own within an hour; null before the first. */
  readonly gone: { readonly since: number; readonly count: number } | null;
  /** `none`: nothing was ever kept of what anybody has said about consent, so that nobody need look. */
  readonly consents: 'none' | 'some';
  /** Messages of each trigger that has a limit, within a minute. */
  readonly minutes: Readonly<Record<string, { readonly since: number; readonly count: number }>>;
}

export const BEGINNING: Progress = {
  outbox: { segment: 0, offset: 0 },
  fingerprint: null,
  looks: {},
  seeded: null,
  cursors: {},
  feed: null,
  gone: null,
  // Of a home of which that was not noted.
  consents: 'some',
  minutes: {},
};

export interface JournalRecord {
  /** When it was written, in milliseconds since the epoch. */
  readonly at?: number;
  readonly acked?: readonly Entry[];
  readonly progress?: Partial<Progress>;
}

/** Entries in memory before they are merged into a new table: about 20 MB. */
const MERGE_AFTER = 100_000;
/** A journal is read as a whole when the connector starts. */
const LONGEST_JOURNAL = 32 * 1024 * 1024;

/**
 * What the destination has acknowledged, and how far everything has come. Keys and values are
 * digests: no personal data. A sorted table on disk holds most of it; a journal holds what came
 * since, and is merged into a new table when it has grown. The file `current` names the pair.
 */
export class State {
  readonly #directory: string;
  readonly #mergeAfter: number;
  #generation: number;
  #table: SortedTable;
  #journal: RecordFile;
  #recent = new Map<string, string>();
  #progress: Progress = BEGINNING;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    directory: string,
    mergeAfter: number,
    generation: number,
    table: SortedTable,
    journal: RecordFile,
  ) {
    this.#directory = directory;
    this.#mergeAfter = mergeAfter;
    this.#generation = generation;
    this.#table = table;
    this.#journal = journal;
  }

  static async open(directory: string, mergeAfter = MERGE_AFTER): Promise<State> {
    mkdirSync(directory, { recursive: true });
    const current = join(directory, 'current');
    const generation = existsSync(current) ? Number(readFileSync(current, 'utf8')) : 0;
    const tablePath = join(directory, tableName(generation));
    const table = new SortedTable(generation === 0 ? null : tablePath);
    const records: JournalRecord[] = [];
    const journal = await RecordFile.open(join(directory, journalName(generation)), (record) =>
      records.push(JSON.parse(record.toString()) as JournalRecord),
    );
    const state = new State(directory, mergeAfter, generation, table, journal);
    for (const record of records) state.#apply(record);
    state.#removeOthers();
    syncDirectory(directory);
    if (generation === 0 && records.length === 0) await state.commit([], { consents: 'none' });
    return state;
  }

  get progress(): Progress {
    return this.#progress;
  }

  /** What was acknowledged last under this digest, or null. */
  get(key: string): string | null {
    return this.#recent.get(key) ?? this.#table.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== null;
  }

  /** Keeps acknowledgements and progress together, and returns when they are on the disk. */
  commit(acked: readonly Entry[], progress: Partial<Progress> = {}): Promise<void> {
    const written = this.#writing.then(async () => {
      const record: JournalRecord = { at: Date.now(), acked, progress };
      await this.#journal.append([Buffer.from(JSON.stringify(record))]);
      this.#apply(record);
      const long = this.#recent.size >= this.#mergeAfter || this.#journal.size >= LONGEST_JOURNAL;
      if (long) await this.#merge();
    });
    this.#writing = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#journal.close();
    this.#table.close();
  }

  #apply({ acked, progress }: JournalRecord): void {
    for (const [key, value] of acked ?? []) this.#recent.set(key, value);
    if (progress !== undefined) this.#progress = { ...this.#progress, ...progress };
  }

  async #merge(): Promise<void> {
    const next = this.#generation + 1;
    const path = join(this.#directory, tableName(next));
    writeMerged(path, this.#table, this.#recent);
    // Whatever an earlier attempt left under this name belongs to nothing.
    rmSync(join(this.#directory, journalName(next)), { force: true });
    const journal = await RecordFile.open(join(this.#directory, journalName(next)));
    await journal.append([Buffer.from(JSON.stringify({ progress: this.#progress } satisfies JournalRecord))]);
    writeWhole(join(this.#directory, 'current'), String(next));
    syncDirectory(this.#directory);
    await this.#journal.close();
    this.#table.close();
    this.#journal = journal;
    this.#table = new SortedTable(path);
    this.#recent = new Map();
    this.#generation = next;
    this.#removeOthers();
  }

  #removeOthers(): void {
    for (const name of readdirSync(this.#directory)) {
      const generation = /^(?:table|journal)-(\d+)\./.exec(name)?.[1];
      if (generation !== undefined && Number(generation) !== this.#generation)
        rmSync(join(this.#directory, name));
    }
  }
}

export function tableName(generation: number): string {
  return `table-${generation}.bin`;
}

export function journalName(generation: number): string {
  return `journal-${generation}.log`;
}
