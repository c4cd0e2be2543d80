import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutboxItem } from '../model/outbox-item.ts';
import { readRecords, RecordFile } from './record-file.ts';
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
  #file: RecordFile;
  #segment: number;
  #head: OutboxPosition;
  #appending: Promise<void> = Promise.resolve();

  private constructor(directory: string, file: RecordFile, segment: number, head: OutboxPosition) {
    this.#directory = directory;
    this.#file = file;
    this.#segment = segment;
    // A file shorter than what was done was damaged from outside; nothing new may hide in the gap.
    this.#head = head.segment === segment ? { segment, offset: Math.min(head.offset, file.size) } : head;
  }

  /** `head` is where the last run had come to. Items behind it that were already sent come again. */
  static async open(directory: string, head: OutboxPosition): Promise<Outbox> {
    mkdirSync(directory, { recursive: true });
    const segment = Math.max(head.segment, ...segmentsIn(directory));
    const file = await RecordFile.open(join(directory, nameOf(segment)));
    syncDirectory(directory);
    const outbox = new Outbox(directory, file, segment, head);
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

  /** The items behind a place, the oldest first, at most `limit`. Empty where there is none yet. */
  after(place: OutboxPosition, limit: number): readonly PlacedItem[] {
    for (let { segment, offset } = place; segment <= this.#segment; segment += 1, offset = 0) {
      const records = readRecords(join(this.#directory, nameOf(segment)), offset, limit);
      if (records.length === 0) continue;
      return records.map(({ record, end }) => ({
        item: JSON.parse(record.toString()) as OutboxItem,
        end: { segment, offset: end },
      }));
    }
    return [];
  }

  /** Moves on to a place. Call it when the position is kept (`State`), not before. */
  done(end: OutboxPosition): void {
    this.#head = end;
    this.#forget();
  }

  async close(): Promise<void> {
    await this.#appending;
    await this.#file.close();
  }

  async #append(items: readonly OutboxItem[]): Promise<void> {
    if (this.#file.size >= SEGMENT_BYTES) {
      await this.#file.close();
      this.#segment += 1;
      this.#file = await RecordFile.open(join(this.#directory, nameOf(this.#segment)));
      syncDirectory(this.#directory);
    }
    await this.#file.append(items.map((item) => Buffer.from(JSON.stringify(item))));
  }

  #forget(): void {
    for (const segment of segmentsIn(this.#directory)) {
      if (segment < this.#head.segment) rmSync(join(this.#directory, nameOf(segment)));
    }
  }
}

function nameOf(segment: number): string {
  return `outbox-${String(segment).padStart(10, '0')}.log`;
}

function segmentsIn(directory: string): number[] {
  return readdirSync(directory).flatMap((name) => {
    const number = /^outbox-(\d+)\.log$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
