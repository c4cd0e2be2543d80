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
 * `import-too-large`, `import-gzip`, `import-stalled`; its source is then for the caller to destroy.
 */
export async function* unpacked(
  source: AsyncIterable<Buffer>,
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
    if (size > limits.bytes) throw new ApiError('import-too-large', { params: { limit: limits.bytes } });
    yield bytes;
  }
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/**
 * Until nothing comes for too long. Each part is waited for by a promise of its own: a race against one that lives as
 * long as the file would keep every part until its end.
 */
async function* attended(
  source: AsyncIterable<Buffer>,
  stallMs: number,
): AsyncGenerator<Buffer, void, undefined> {
  const parts = source[Symbol.asyncIterator]();
  let giveUp: ((fault: ApiError) => void) | undefined;
  const timer = setTimeout(() => {
    giveUp?.(new ApiError('import-stalled', { params: { seconds: stallMs / 1000 } }));
  }, stallMs);
  try {
    for (;;) {
      const { done, value } = await new Promise<IteratorResult<Buffer, unknown>>((resolve, reject) => {
        // Of a source that stalls, it ends when that is destroyed.
        parts.next().then(resolve, reject);
        giveUp = reject;
        timer.refresh();
      });
      if (done === true) return;
      if (value.length > 0) yield value;
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
