import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reject } from '../model/reject.ts';
import { readAllRecords, RecordFile } from './record-file.ts';
import { UNSEALED } from './seal.ts';
import type { Seal } from './seal.ts';
import { syncDirectory } from './sync-directory.ts';

/** One thing that is not accepted, for as long as it is not. */
export interface RejectedRow extends Reject {
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly attempts: number;
}

/** What was tried: whatever of it is no reject any more leaves the table. */
export interface Tried extends Pick<Reject, 'what' | 'key'> {
  /** Where no more than that was tried: the mapping of the row, or whether the target takes it. */
  readonly of?: 'mapping' | 'target';
}

interface Record {
  readonly put?: readonly RejectedRow[];
  /** Names of rows that left. */
  readonly gone?: readonly string[];
}

/** Records that say nothing any more, before the file is written anew. */
const SLACK = 1000;

/**
 * What was refused and why: a table that holds each complaint once, with how often it was met. A row
 * that is mended leaves it. On the disk it is a journal that is written anew when it has grown, so
 * others may read it while a run is under way. In memory a row takes about a kilobyte.
 */
export class Rejects {
  readonly #path: string;
  readonly #seal: Seal;
  readonly #rows: Map<string, RejectedRow>;
  readonly #ofKey = new Map<string, Set<string>>();
  #file: RecordFile;
  #written: number;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    path: string,
    seal: Seal,
    file: RecordFile,
    rows: Map<string, RejectedRow>,
    written: number,
  ) {
    this.#path = path;
    this.#seal = seal;
    this.#file = file;
    this.#rows = rows;
    this.#written = written;
    for (const [name, row] of rows) this.#index(name, row);
  }

  static async open(directory: string, seal: Seal = UNSEALED): Promise<Rejects> {
    const path = join(directory, REJECTS);
    rmSync(`${path}.new`, { force: true });
    const rows = new Map<string, RejectedRow>();
    let written = 0;
    const file = await RecordFile.open(path, (record) => {
      written += apply(rows, readRecord(record, seal));
    });
    const rejects = new Rejects(path, seal, file, rows, written);
    await rejects.#compactIfGrown();
    return rejects;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Is anything of it a reject now? */
  concerns(it: Tried): boolean {
    if (this.#ofKey.size === 0) return false;
    const names = this.#ofKey.get(keyOf(it));
    return names !== undefined && [...names].some((name) => this.#isPart(name, it));
  }

  rows(): Iterable<RejectedRow> {
    return this.#rows.values();
  }

  /** Notes complaints of things that were not tried as a whole. */
  add(rejects: readonly Reject[], now: number): Promise<void> {
    return this.settle([], rejects, now);
  }

  /** What came of a try: `rejects` stay or become rows, and the rest of what was tried leaves. */
  settle(tried: readonly Tried[], rejects: readonly Reject[], now: number): Promise<void> {
    const settled = this.#writing.then(() => this.#settle(tried, rejects, now));
    this.#writing = settled.catch(() => undefined);
    return settled;
  }

  /** Writes the file anew, so that nothing of what has left it is in it. */
  compact(): Promise<void> {
    const compacted = this.#writing.then(() => this.#compact());
    this.#writing = compacted.catch(() => undefined);
    return compacted;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #settle(tried: readonly Tried[], rejects: readonly Reject[], now: number): Promise<void> {
    const put = new Map(rejects.map((reject) => [nameOf(reject), this.#seen(reject, now)]));
    const gone = tried
      .flatMap((it) => [...(this.#ofKey.get(keyOf(it)) ?? [])].filter((name) => this.#isPart(name, it)))
      .filter((name) => !put.has(name));
    if (put.size === 0 && gone.length === 0) return;
    const record: Record = { put: [...put.values()], gone };
    await this.#file.append([this.#seal.close(Buffer.from(JSON.stringify(record)))]);
    for (const name of gone) this.#forget(name);
    this.#written += apply(this.#rows, record);
    for (const [name, row] of put) this.#index(name, row);
    await this.#compactIfGrown();
  }

  #isPart(name: string, { of }: Tried): boolean {
    return of === undefined || (this.#rows.get(name)?.field === 'target') === (of === 'target');
  }

  #seen(reject: Reject, now: number): RejectedRow {
    const before = this.#rows.get(nameOf(reject));
    return {
      ...reject,
      firstSeen: before?.firstSeen ?? now,
      lastSeen: now,
      attempts: (before?.attempts ?? 0) + 1,
    };
  }

  async #compactIfGrown(): Promise<void> {
    if (this.#written > 2 * this.#rows.size + SLACK) await this.#compact();
  }

  async #compact(): Promise<void> {
    const next = `${this.#path}.new`;
    const file = await RecordFile.open(next);
    const rows = [...this.#rows.values()];
    for (let at = 0; at < rows.length; at += SLACK) {
      const record: Record = { put: rows.slice(at, at + SLACK) };
      await file.append([this.#seal.close(Buffer.from(JSON.stringify(record)))]);
    }
    renameSync(next, this.#path);
    syncDirectory(dirname(this.#path));
    await this.#file.close();
    this.#file = file;
    this.#written = rows.length;
  }

  #index(name: string, row: RejectedRow): void {
    const key = keyOf(row);
    const names = this.#ofKey.get(key);
    if (names === undefined) this.#ofKey.set(key, new Set([name]));
    else names.add(name);
  }

  #forget(name: string): void {
    const row = this.#rows.get(name);
    if (row === undefined) return;
    const names = this.#ofKey.get(keyOf(row));
    names?.delete(name);
    if (names?.size === 0) this.#ofKey.delete(keyOf(row));
  }
}

/** The table as it is now, read without touching anything: a run may be under way. */
export function lookIntoRejects(directory: string, seal: Seal = UNSEALED): readonly RejectedRow[] {
  const path = join(directory, REJECTS);
  const rows = new Map<string, RejectedRow>();
  if (existsSync(path)) {
    readAllRecords(path, (record) => {
      apply(rows, readRecord(record, seal));
    });
  }
  return [...rows.values()];
}

function readRecord(record: Buffer, seal: Seal): Record {
  return JSON.parse(seal.open(record).toString()) as Record;
}

const REJECTS = 'rejects.log';

/** Returns how many rows the record speaks of. */
function apply(rows: Map<string, RejectedRow>, { put = [], gone = [] }: Record): number {
  for (const name of gone) rows.delete(name);
  for (const row of put) rows.set(nameOf(row), row);
  return put.length + gone.length;
}

function keyOf({ what, key }: Tried): string {
  return `${what}\u0000${key}`;
}

function nameOf(reject: Reject): string {
  return `${keyOf(reject)}\u0000${reject.field}\u0000${reject.rule}`;
}
