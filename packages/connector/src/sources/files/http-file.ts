import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { send } from '../http/send.ts';
import type { SendOptions } from '../http/send.ts';
import { FileBroken } from './file-broken.ts';
import type { StoredFile } from './stored-file.ts';

/** Answers of servers that do not know HEAD. */
const NO_HEAD = [403, 405, 501];
const GONE = [404, 410];

/** A file behind an address; `authorize` signs or adds what lets us in. */
export function httpFile(
  name: string,
  url: string,
  authorize: NonNullable<SendOptions['authorize']>,
  signal: AbortSignal,
): StoredFile {
  const options = (signal: AbortSignal, accept: readonly number[] = []) => ({
    what: name,
    signal,
    authorize,
    accept: [...accept, ...GONE],
  });
  const head = async (signal: AbortSignal) => {
    const answer = await send(
      { method: 'HEAD', url, headers: { 'accept-encoding': 'identity' } },
      options(signal, NO_HEAD),
    );
    if (GONE.includes(answer.status)) throw new FileBroken(name, null, 'is not there');
    return answer;
  };
  return {
    name,
    async version() {
      const { ok, headers } = await head(signal);
      if (!ok) return null;
      if (headers.get('content-length') === '0') {
        throw new FileBroken(name, null, 'is empty: not even a line of names is there');
      }
      const told = headers.get('etag') ?? headers.get('last-modified');
      return told === null ? null : `${name} ${told} ${headers.get('content-length') ?? ''}`;
    },
    async open(signal) {
      const answer = await send({ url }, options(signal));
      if (!answer.ok || answer.body === null) throw new FileBroken(name, null, 'is not there');
      return Readable.from(bytesOf(answer.body as ReadableStream<Uint8Array>, name, signal), {
        objectMode: false,
      });
    },
    async ranges(signal) {
      const { ok, headers } = await head(signal);
      const byteLength = Number(headers.get('content-length') ?? Number.NaN);
      if (!ok || !(byteLength > 0))
        throw new FileBroken(name, null, 'its server does not tell how long it is');
      const etag = headers.get('etag');
      // A weak tag never matches here, though the file is the same.
      const same: Record<string, string> = etag === null || etag.startsWith('W/') ? {} : { 'if-match': etag };
      return {
        byteLength,
        async slice(start, end = byteLength) {
          if (end <= start) return new ArrayBuffer(0);
          const range = { ...same, range: `bytes=${start}-${end - 1}` };
          const answer = await send({ url, headers: range }, options(signal, [412, 416]));
          if (answer.status === 412 || answer.status === 416) {
            throw new FileBroken(name, null, 'was replaced while it was read');
          }
          if (answer.status !== 206) {
            await answer.body?.cancel();
            throw new FileBroken(
              name,
              null,
              'its server does not answer ranges of bytes, which Parquet needs',
            );
          }
          const bytes = await answer.arrayBuffer();
          if (bytes.byteLength !== end - start) throw new FileBroken(name, null, 'a range of it came short');
          return bytes;
        },
        close: () => Promise.resolve(),
      };
    },
  };
}

/** A connection that breaks, or ends too early, is told as the file it cuts off. */
async function* bytesOf(
  body: ReadableStream<Uint8Array>,
  name: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    signal.throwIfAborted();
    throw new FileBroken(name, null, 'was cut off on its way', error);
  }
}
