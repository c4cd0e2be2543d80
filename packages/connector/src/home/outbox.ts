import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxItem } from '../model/outbox-item.ts';
import { eraseRecords } from './erase-records.ts';
import { itemOf, recordOf } from './queued-item.ts';
import { readRecords, RecordFile } from './record-file.ts';
import { UNSEALED } from './seal.ts';
import type { Seal } from './seal.ts';
import { syncDirectory } from './sync-directory.ts';

/** A place between two items. */
export interface OutboxPosition {
  readonly segment: number;
  readonly offset: number;
}

/** An item, and the place behind it: where to go on once it and all before it are done. */
export interface PlacedItem {
  readonly item: OutboxItem;
  readonly end: OutboxPosition;
}

const SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * The queue between the source and the destination, on disk, in the order of the source. What is
 * appended survives everything; the source is told to forget a change only after that. Memory
 * holds what is under way, however long the queue.
 */
export class Outbox {
  readonly #directory: string;
  readonly #seal: Seal;
  #file: RecordFile;
  #segment: number;
  #head: OutboxPosition;
  #appending: Promise<void> = Promise.resolve();

  private constructor(
    directory: string,
    file: RecordFile,
    segment: number,
    head: OutboxPosition,
    seal: Seal,
  ) {
    this.#directory = directory;
    this.#seal = seal;
    this.#file = file;
    this.#segment = segment;
    // A file shorter than what was done was damaged from outside; nothing new may hide in the gap.
    this.#head = head.segment === segment ? { segment, offset: Math.min(head.offset, file.size) } : head;
  }

  /** `head` is where the last run had come to. Items behind it that were already sent come again. */
  static async open(directory: string, head: OutboxPosition, seal: Seal = UNSEALED): Promise<Outbox> {
    mkdirSync(directory, { recursive: true });
    const segment = Math.max(head.segment, ...segmentsIn(directory));
    const file = await RecordFile.open(join(directory, segmentName(segment)));
    syncDirectory(directory);
    const outbox = new Outbox(directory, file, segment, head, seal);
    outbox.#forget();
    return outbox;
  }

  /** Bytes that wait: how far the destination is behind. */
  get backlog(): number {
    const between = Math.max(0, this.#segment - this.#head.segment - 1) * SEGMENT_BYTES;
    return this.#segment === this.#head.segment
      ? this.#file.size - this.#head.offset
      : between + this.#file.size + Math.max(0, SEGMENT_BYTES - this.#head.offset);
  }

  get isEmpty(): boolean {
    return this.#head.segment === this.#segment && this.#head.offset >= this.#file.size;
  }

  /** Returns when the items are on the disk, in the order of the calls. */
  append(items: readonly OutboxItem[]): Promise<void> {
    const appended = this.#appending.then(() => this.#append(items));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  /** Everything before it is done. */
  get head(): OutboxPosition {
    return this.#head;
  }

  /** The place behind everything that was appended. */
  get tail(): OutboxPosition {
    return { segment: this.#segment, offset: this.#file.size };
  }

  /** The items behind a place, the oldest first, at most `limit`. Empty where there is none yet. */
  after(place: OutboxPosition, limit: number): readonly PlacedItem[] {
    let { segment, offset } = place;
    while (segment <= this.#segment) {
      const records = readRecords(join(this.#directory, segmentName(segment)), offset, limit);
      const items = records.flatMap(({ record, end }) => {
        const item = itemOf(record, this.#seal);
        return item === null ? [] : [{ item, end: { segment, offset: end } }];
      });
      if (items.length > 0) return items;
      // Nothing but what was erased: it waits for nobody.
      const last = records.at(-1);
      if (last === undefined) {
        segment += 1;
        offset = 0;
      } else offset = last.end;
    }
    return [];
  }

  /** Moves on to a place. Call it when the position is kept (`State`), not before. */
  done(end: OutboxPosition): void {
    const isOver = end.segment !== this.#head.segment;
    this.#head = end;
    if (isOver) this.#forget();
  }

  async close(): Promise<void> {
    await this.#appending;
    await this.#file.close();
  }

  async #append(items: readonly OutboxItem[]): Promise<void> {
    if (this.#file.size >= SEGMENT_BYTES) {
      await this.#file.close();
      this.#segment += 1;
      this.#file = await RecordFile.open(join(this.#directory, segmentName(this.#segment)));
      syncDirectory(this.#directory);
    }
    const now = Date.now();
    await this.#file.append(items.map((item) => recordOf(item, now, this.#seal)));
  }

  /** Wipes the items that match out of every file, also those that are done and not removed yet. */
  erase(matches: (item: OutboxItem) => boolean): Promise<void> {
    const erased = this.#appending.then(() => this.#erase(matches));
    this.#appending = erased.catch(() => undefined);
    return erased;
  }

  async #erase(matches: (item: OutboxItem) => boolean): Promise<void> {
    for (const segment of segmentsIn(this.#directory)) {
      const path = join(this.#directory, segmentName(segment));
      const wiped = eraseRecords(path, (record) => {
        const item = itemOf(record, this.#seal);
        return item !== null && matches(item);
      });
      if (!wiped || segment !== this.#segment) continue;
      // The file that is appended to is another one now, under the same name and of the same size.
      await this.#file.close();
      this.#file = await RecordFile.open(path);
    }
    syncDirectory(this.#directory);
  }

  #forget(): void {
    for (const segment of segmentsIn(this.#directory)) {
      if (segment < this.#head.segment) rmSync(join(this.#directory, segmentName(segment)));
    }
  }
}

/** The name of a segment's file. */
export function segmentName(segment: number): string {
  return `outbox-${String(segment).padStart(10, '0')}.log`;
}

/** The numbers of the segments that are there. */
export function segmentsIn(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const number = /^outbox-(\d+)\.log$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
