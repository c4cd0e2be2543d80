import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Job } from '../jobs/jobs.ts';
import type { Logger } from '../log.ts';
import {
  appendPiece,
  claimFile,
  finishFile,
  forgetFiles,
  releaseFile,
  renewFile,
} from './export-file-store.ts';
import type { ClaimedFile, ExportRequest } from './export-file.ts';
import { EXPORT_JOB, KEPT_MS } from './export-files.ts';

/** Makes the content of one kind of file, part by part: nobody holds all of it. */
export type ExportMaker = (
  request: ExportRequest,
  /** To be called with the number of lines that were found since. */
  onFound: (lines: number) => void,
) => AsyncIterable<string | Uint8Array>;

export interface ExportJobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly makers: Readonly<Record<string, ExportMaker>>;
}

/** Without a sign of life for this long, another worker begins a file anew. */
const LEASE_MS = 30_000;
/** How often a file that brings nothing for a while gives one, and hears that nobody wants it any more. */
const SIGN_OF_LIFE_MS = 5_000;
const PIECE_BYTES = 256 * 1024;
/** Of gzip, at a time: each time the event loop has a turn before the compressor goes on. */
const PACKED_BYTES = 64 * 1024;
const FILES_A_STATEMENT = 20;
/** In a process: the other jobs go on beside them. */
const MOST_AT_ONCE = 2;

/** Makes the files that were asked for, and lets go of those that have expired. */
export function exportJobs(options: ExportJobsOptions): Job[] {
  const { database, clock } = options;
  const under = new Set<Promise<void>>();
  const makeAll = async (stopping: AbortSignal) => {
    for (;;) {
      const file = stopping.aborted ? null : await claimFile(database, LEASE_MS);
      if (file === null) return;
      await make(options, file, stopping);
    }
  };
  return [
    {
      name: EXPORT_JOB,
      // Asked for when there is something to do. Every minute for what a worker had when it was killed.
      schedule: '* * * * *',
      async run(stopping) {
        const isFirst = under.size === 0;
        while (under.size < MOST_AT_ONCE) {
          const one = makeAll(stopping).finally(() => under.delete(one));
          // Waited for below, and may fail before.
          one.catch(() => undefined);
          under.add(one);
        }
        // One run waits for all: the other jobs have their turns beside it.
        if (!isFirst) return;
        while (under.size > 0) await Promise.all(under);
      },
    },
    {
      name: 'forget-export-files',
      schedule: '35 * * * *',
      async run() {
        while ((await forgetFiles(database, clock.now(), FILES_A_STATEMENT)) === FILES_A_STATEMENT) {
          // Another round until a batch was not full.
        }
      },
    },
  ];
}

async function make(
  { database, clock, log, makers }: ExportJobsOptions,
  file: ClaimedFile,
  stopping: AbortSignal,
): Promise<void> {
  const maker = makers[file.kind];
  if (maker === undefined) throw new Error(`nobody makes export files of the kind ${file.kind}`);
  let [n, found, size] = [0, 0, 0];
  // Set when the file is not this worker's any more.
  let isLost = false;
  const sign = setInterval(() => {
    renewFile(database, file, found, LEASE_MS).then(
      (mine) => (isLost ||= !mine),
      // The next statement of the file fails by it too, or the lease lasts until one gets through.
      () => undefined,
    );
  }, SIGN_OF_LIFE_MS);
  try {
    const parts = whileWanted(
      maker(file, (lines) => (found += lines)),
      () => !isLost && !stopping.aborted,
    );
    for await (const bytes of inPieces(file.packed ? packed(parts) : asBuffers(parts))) {
      if (stopping.aborted) return await releaseFile(database, file);
      if (isLost || !(await appendPiece(database, file, { n, bytes, found }, LEASE_MS))) return;
      n += 1;
      size += bytes.length;
    }
    if (stopping.aborted) return await releaseFile(database, file);
    if (isLost) return;
    const readyAt = clock.now();
    await finishFile(database, file, { found, size, readyAt, expiresAt: readyAt + KEPT_MS });
  } catch (error) {
    await releaseFile(database, file);
    log.error({ file: file.id, kind: file.kind, attempt: file.attempt }, 'an export file could not be made');
    throw error;
  } finally {
    clearInterval(sign);
  }
}

/** Ends early, and with it the reading, when the file is not wanted any more. */
async function* whileWanted<Part>(
  parts: AsyncIterable<Part>,
  isWanted: () => boolean,
): AsyncGenerator<Part, void, undefined> {
  for await (const part of parts) {
    if (!isWanted()) return;
    yield part;
  }
}

async function* asBuffers(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  for await (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : Buffer.from(part);
}

async function* packed(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  const source = Readable.from(asBuffers(parts), { objectMode: false });
  const gzip = createGzip({ chunkSize: PACKED_BYTES });
  source.once('error', (error) => gzip.destroy(error));
  try {
    for await (const bytes of source.pipe(gzip)) yield bytes as Buffer;
  } finally {
    source.destroy();
  }
}

async function* inPieces(all: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const bytes of all) {
    held.push(bytes);
    size += bytes.length;
    if (size < PIECE_BYTES) continue;
    yield Buffer.concat(held);
    held = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(held);
}
