import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ApiError } from '../../platform/http/api-error.ts';

export interface FileLimits {
  /** Of the unpacked file. */
  readonly bytes: number;
  /** How long nothing may come, in milliseconds. */
  readonly stallMs: number;
}

export const FILE_LIMITS: FileLimits = { bytes: 4 * 1024 ** 3, stallMs: 60_000 };

/**
 * The bytes of a file that comes plain or as gzip, which its first two bytes tell. Throws ApiError
 * `import-too-large`, `import-gzip`, `import-stalled`; the source is given up then.
 */
export async function* unpacked(
  source: Readable,
  limits: FileLimits = FILE_LIMITS,
): AsyncGenerator<Buffer, void, undefined> {
  const arriving = attended(source, limits.stallMs);
  const first = await arriving.next();
  if (first.done === true) return;
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const all = withFirst(first.value, arriving);
  let size = 0;
  for await (const bytes of isGzip ? gunzipped(all) : all) {
    size += bytes.length;
    if (size > limits.bytes) {
      source.destroy();
      throw new ApiError('import-too-large', { params: { limit: limits.bytes } });
    }
    yield bytes;
  }
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** Until nothing comes for too long. */
async function* attended(source: Readable, stallMs: number): AsyncGenerator<Buffer, void, undefined> {
  const stalled = new ApiError('import-stalled', { params: { seconds: stallMs / 1000 } });
  const timer = setTimeout(() => source.destroy(stalled), stallMs);
  try {
    for await (const bytes of source) {
      timer.refresh();
      if ((bytes as Buffer).length > 0) yield bytes as Buffer;
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  let sourceError: unknown = null;
  const source = Readable.from(packed, { objectMode: false });
  source.once('error', (error) => {
    sourceError = error;
    gunzip.destroy(error);
  });
  try {
    for await (const bytes of source.pipe(gunzip)) yield bytes as Buffer;
  } catch (error) {
    if (sourceError !== null) throw sourceError;
    throw new ApiError('import-gzip', { params: { reason: (error as Error).message }, cause: error });
  } finally {
    source.destroy();
  }
}
