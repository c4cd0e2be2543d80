import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/**
 * A file of records, only ever appended to. A record is its length and a checksum of length and
 * bytes (4 bytes each, big-endian), and then its bytes. Whatever a crash leaves of the last write is cut off when the file
 * is opened: a record is there wholly or not at all.
 */
export class RecordFile {
  readonly #handle: FileHandle;
  #size: number;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Opens or makes the file, tells `onRecord` of every whole record, and cuts off the rest. */
  static async open(path: string, onRecord: (record: Buffer) => void = () => undefined): Promise<RecordFile> {
    const size = repair(path, onRecord);
    return new RecordFile(await open(path, 'r+'), size);
  }

  /** Bytes of whole records. */
  get size(): number {
    return this.#size;
  }

  /** Appends records and returns when they are on the disk. One call at a time. */
  async append(records: readonly Buffer[]): Promise<void> {
    const bytes = framed(records);
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, this.#size);
    if (bytesWritten < bytes.length) throw new Error('The disk took a part of the write only: is it full?');
    await this.#handle.datasync();
    this.#size += bytes.length;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const FRAME = 8;
/** Larger lengths are damage: no record of ours comes near. */
const LARGEST = 64 * 1024 * 1024;

export interface PlacedRecord {
  readonly record: Buffer;
  /** Offset of the byte after the record. */
  readonly end: number;
}

/** The whole records of `bytes` from its beginning; stops at the first one that is torn or damaged. */
export function* recordsOf(bytes: Buffer): Generator<PlacedRecord> {
  let at = 0;
  while (at + FRAME <= bytes.length) {
    const end = at + FRAME + bytes.readUInt32BE(at);
    if (end > bytes.length) return;
    const record = bytes.subarray(at + FRAME, end);
    if (checksum(record) !== bytes.readUInt32BE(at + 4)) return;
    yield { record, end };
    at = end;
  }
}

/** Reads all whole records and leaves the file as it is: another process may be writing it. */
export function readAllRecords(path: string, onRecord: (record: Buffer) => void): void {
  const file = openSync(path, 'r');
  try {
    scan(file, onRecord);
  } finally {
    closeSync(file);
  }
}

/** Reads whole records from `offset` on, until `limit` of them or the end of the file. */
export function readRecords(path: string, offset: number, limit: number): PlacedRecord[] {
  const found: PlacedRecord[] = [];
  const file = openSync(path, 'r');
  try {
    let at = offset;
    while (found.length < limit) {
      const before = found.length;
      for (const { record, end } of recordsOf(readChunk(file, at))) {
        found.push({ record, end: at + end });
        if (found.length === limit) break;
      }
      const last = found.at(-1);
      if (found.length === before || last === undefined) break;
      at = last.end;
    }
  } finally {
    closeSync(file);
  }
  return found;
}

/** Bytes from `at`: 256 kB of them, or one whole record if that is larger. */
function readChunk(file: number, at: number): Buffer {
  const chunk = read(file, at, 256 * 1024);
  const length = chunk.length < FRAME ? 0 : FRAME + chunk.readUInt32BE(0);
  return length > chunk.length && length <= LARGEST ? read(file, at, length) : chunk;
}

function read(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, at));
}

function repair(path: string, onRecord: (record: Buffer) => void): number {
  const file = openSync(path, 'a+');
  try {
    const whole = scan(file, onRecord);
    if (fstatSync(file).size > whole) ftruncateSync(file, whole);
    return whole;
  } finally {
    closeSync(file);
  }
}

/** Returns where the whole records end. */
function scan(file: number, onRecord: (record: Buffer) => void): number {
  let at = 0;
  for (;;) {
    const start = at;
    for (const { record, end } of recordsOf(readChunk(file, start))) {
      onRecord(record);
      at = start + end;
    }
    if (at === start) return at;
  }
}

/** Records as they lie in a file. */
export function framed(records: readonly Buffer[]): Buffer {
  let length = 0;
  for (const record of records) length += FRAME + record.length;
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const record of records) {
    bytes.writeUInt32BE(record.length, at);
    bytes.writeUInt32BE(checksum(record), at + 4);
    bytes.set(record, at + FRAME);
    at += FRAME + record.length;
  }
  return bytes;
}

/** Taken by one checksum at a time. */
const LENGTH = Buffer.alloc(4);

/** With the length: zeros, which a power cut can leave behind, are then no empty record. */
function checksum(record: Buffer): number {
  LENGTH.writeUInt32BE(record.length);
  return crc32(record, crc32(LENGTH));
}
