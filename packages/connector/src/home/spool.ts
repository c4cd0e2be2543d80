import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxPosition } from './outbox.ts';
import { finishOverwriting } from './overwrite-record.ts';
import { isErased } from './queued-item.ts';
import { readRecords, RecordFile } from './record-file.ts';
import { UNSEALED } from './seal.ts';
import type { Seal } from './seal.ts';
import { syncDirectory } from './sync-directory.ts';

const SEGMENT_BYTES = 8 * 1024 * 1024;

interface Waiting {
  readonly record: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Takes records down on the disk for a reader that may be another process. Records that come while a
 * write is under way share the next one, and its fsync.
 */
export class SpoolWriter {
  readonly #directory: string;
  readonly #seal: Seal;
  #segment: number;
  #file: RecordFile;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  private constructor(directory: string, segment: number, file: RecordFile, seal: Seal) {
    this.#directory = directory;
    this.#seal = seal;
    this.#segment = segment;
    this.#file = file;
  }

  static async open(directory: string, seal: Seal = UNSEALED): Promise<SpoolWriter> {
    mkdirSync(directory, { recursive: true });
    finishAll(directory);
    const segment = Math.max(1, ...spoolSegmentsIn(directory));
    const file = await RecordFile.open(join(directory, spoolName(segment)));
    syncDirectory(directory);
    return new SpoolWriter(directory, segment, file, seal);
  }

  /** Resolves when the record is on the disk; fails for all records of a write that failed. */
  append(record: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record: this.#seal.close(record), resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      try {
        await this.#write(group.map(({ record }) => record));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#writing = null;
  }

  async #write(records: readonly Buffer[]): Promise<void> {
    if (this.#file.size >= SEGMENT_BYTES) {
      const next = await RecordFile.open(join(this.#directory, spoolName(this.#segment + 1)));
      syncDirectory(this.#directory);
      await this.#file.close();
      this.#segment += 1;
      this.#file = next;
    }
    await this.#file.append(records);
  }
}

export interface SpoolBatch {
  readonly records: readonly Buffer[];
  readonly end: OutboxPosition;
}

/** A record, and the place behind it. */
export interface SpooledRecord {
  readonly record: Buffer;
  readonly end: OutboxPosition;
}

/** Reads what a writer has taken down, in its order. One reader at a time. */
export class SpoolReader {
  readonly #directory: string;
  readonly #seal: Seal;
  #head: OutboxPosition;

  private constructor(directory: string, head: OutboxPosition, seal: Seal) {
    this.#directory = directory;
    this.#seal = seal;
    this.#head = head;
  }

  static open(directory: string, seal: Seal = UNSEALED): SpoolReader {
    mkdirSync(directory, { recursive: true });
    finishAll(directory);
    return new SpoolReader(directory, readHead(join(directory, 'done.json')), seal);
  }

  /** Everything before it has taken effect. */
  get head(): OutboxPosition {
    return this.#head;
  }

  /** The oldest records that are not done, at most `limit`; the same ones again until `done` moves on. */
  next(limit: number): SpoolBatch {
    const found = this.after(this.#head, limit);
    return { records: found.map(({ record }) => record), end: found.at(-1)?.end ?? this.#head };
  }

  /** The oldest records behind a place, at most `limit`: for reading ahead of what is done. */
  after(from: OutboxPosition, limit: number): readonly SpooledRecord[] {
    const segments = spoolSegmentsIn(this.#directory).toSorted((a, b) => a - b);
    for (const segment of segments.filter((number) => number >= from.segment)) {
      let offset = segment === from.segment ? from.offset : 0;
      for (;;) {
        const found = readRecords(join(this.#directory, spoolName(segment)), offset, limit);
        const last = found.at(-1);
        if (last === undefined) break;
        offset = last.end;
        const records = found.flatMap(({ record, end }) =>
          isErased(record) ? [] : [{ record: this.#seal.open(record), end: { segment, offset: end } }],
        );
        // Nothing but what was erased: it waits for nobody.
        if (records.length > 0) return records;
      }
    }
    return [];
  }

  /**
   * Moves on behind a batch that has taken effect. A crash that loses the note has the batch read again:
   * whatever it does must stand that.
   */
  done(end: OutboxPosition): void {
    this.#head = end;
    const path = join(this.#directory, 'done.json');
    writeFileSync(`${path}.new`, JSON.stringify(end));
    renameSync(`${path}.new`, path);
    for (const segment of spoolSegmentsIn(this.#directory)) {
      if (segment < end.segment) rmSync(join(this.#directory, spoolName(segment)), { force: true });
    }
  }
}

/** The beginning where the note is not there, or a power cut left it empty. */
function readHead(path: string): OutboxPosition {
  try {
    return existsSync(path)
      ? (JSON.parse(readFileSync(path, 'utf8')) as OutboxPosition)
      : { segment: 0, offset: 0 };
  } catch {
    return { segment: 0, offset: 0 };
  }
}

/** The name of a segment's file. */
export function spoolName(segment: number): string {
  return `spool-${String(segment).padStart(10, '0')}.log`;
}

/** The numbers of the segments that are there. */
export function spoolSegmentsIn(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const number = /^spool-(\d+)\.log$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** An erasing that a crash has ended is done with. */
function finishAll(directory: string): void {
  for (const segment of spoolSegmentsIn(directory)) finishOverwriting(join(directory, spoolName(segment)));
}
