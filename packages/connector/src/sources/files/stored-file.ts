import type { Readable } from 'node:stream';

/** A file, wherever it is kept. */
export interface StoredFile {
  /** For messages; without credentials. */
  readonly name: string;
  /** Another text whenever its content is another; null where the store cannot tell. */
  version(): Promise<string | null>;
  /** All of its bytes. */
  open(signal: AbortSignal): Promise<Readable>;
  /** Some of its bytes, for formats that are read from their end. */
  ranges(signal: AbortSignal): Promise<ByteRanges>;
}

export interface ByteRanges {
  readonly byteLength: number;
  /** `end` is exclusive. */
  slice(start: number, end?: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}
