import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Database, Queryable } from '../../platform/database/database.ts';
import type { ImportRecord } from './import-record.ts';
import { addPiece, findPiece } from './piece-store.ts';

/** Of the unpacked file: all but the last have this size, so that a place is found by a division. */
export const PIECE_BYTES = 256 * 1024;

const pack = promisify(deflateRaw);
const unpack = promisify(inflateRaw);
/** What is read once is not worth more. */
const LEVEL = 1;

type Of = Pick<ImportRecord, 'appId' | 'id' | 'epoch'>;

/** A piece as it is stored. */
export function packPiece(piece: Buffer): Promise<Buffer> {
  return pack(piece, { level: LEVEL });
}

/** Thrown when nobody wants a file any more while it is stored. */
export class NotWanted extends Error {}

/** Stores a file, piece by piece, and returns its length. Throws NotWanted, and what the bytes throw. */
export async function storePieces(database: Database, of: Of, bytes: AsyncIterable<Buffer>): Promise<number> {
  let n = 0;
  let filled = 0;
  // Filled again and again: nothing is allocated for a piece but what it is packed to.
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const store = async () => {
    if (!(await addPiece(database, of, n, await packPiece(piece.subarray(0, filled))))) throw new NotWanted();
    n += 1;
  };
  for await (const part of bytes) {
    for (let at = 0; at < part.length;) {
      const taken = part.copy(piece, filled, at);
      at += taken;
      filled += taken;
      if (filled < PIECE_BYTES) continue;
      await store();
      filled = 0;
    }
  }
  if (filled > 0) await store();
  return filled === 0 ? n * PIECE_BYTES : (n - 1) * PIECE_BYTES + filled;
}

/** The file from a byte on. The next piece is fetched while one is worked on. */
export async function* readPieces(
  database: Queryable,
  of: Pick<ImportRecord, 'appId' | 'id' | 'bytes'>,
  from: number,
): AsyncGenerator<Buffer, void, undefined> {
  const fetch = async (n: number) => {
    if (n * PIECE_BYTES >= of.bytes) return null;
    const packed = await findPiece(database, of, n);
    if (packed === null) throw new NotWanted();
    return unpack(packed);
  };
  let n = Math.floor(from / PIECE_BYTES);
  let skipped = from - n * PIECE_BYTES;
  let next = fetch(n);
  for (;;) {
    const piece = await next;
    if (piece === null) return;
    n += 1;
    next = fetch(n);
    // Waited for later, and may fail before.
    next.catch(() => undefined);
    if (skipped < piece.length) yield piece.subarray(skipped);
    skipped = 0;
  }
}

/** The beginning of a file: its first line is in it, or is no first line. */
export async function readBeginning(
  database: Database,
  of: Pick<ImportRecord, 'appId' | 'id' | 'bytes'>,
): Promise<Buffer> {
  const packed = of.bytes === 0 ? null : await findPiece(database, of, 0);
  return packed === null ? Buffer.alloc(0) : unpack(packed);
}
