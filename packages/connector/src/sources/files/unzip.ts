import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileBroken } from './file-broken.ts';

/** The bytes of a file as text wants them: unpacked where they are packed by gzip, which its first bytes tell. */
export async function* unzipped(bytes: Readable, name: string): AsyncGenerator<Buffer> {
  const chunks = (bytes as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    let first = await chunks.next();
    while (first.done !== true && first.value.length < 2) {
      const next = await chunks.next();
      if (next.done === true) break;
      first = { done: false, value: Buffer.concat([first.value, next.value]) };
    }
    if (first.done === true) throw new FileBroken(name, null, 'is empty: not even a line of names is there');
    const whole = resume(first.value, chunks);
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) yield* whole;
    else yield* gunzip(whole, name);
  } finally {
    bytes.destroy();
  }
}

async function* resume(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(first);
  for (let next = await rest.next(); next.done !== true; next = await rest.next())
    yield Buffer.from(next.value);
}

async function* gunzip(packed: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { Readable } = await import('node:stream');
  const source = Readable.from(packed, { objectMode: false });
  const unpacked = createGunzip();
  source.once('error', (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked) as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) {
      throw new FileBroken(name, null, `its gzip is not whole (${error.message})`, error);
    }
    throw error;
  }
}
