import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Job } from '../jobs/jobs.ts';
import type { Logger } from '../log.ts';
import { appendPiece, claimFile, finishFile, forgetFiles, releaseFile } from './export-file-store.ts';
import type { ClaimedFile, ExportRequest } from './export-file-store.ts';
import { EXPORT_JOB, KEPT_MS } from './export-files.ts';

/** Makes the text of one kind of file, part by part: nobody holds all of it. */
export type ExportMaker = (request: ExportRequest) => AsyncIterable<string>;

export interface ExportJobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly makers: Readonly<Record<string, ExportMaker>>;
}

/** Without a sign of life for this long, another worker begins a file anew. */
const LEASE_MS = 120_000;
const PIECE_BYTES = 256 * 1024;
const FILES_A_STATEMENT = 20;

/** Makes the files that were asked for, one after the other, and lets go of those that have expired. */
export function exportJobs(options: ExportJobsOptions): Job[] {
  const { database, clock } = options;
  return [
    {
      name: EXPORT_JOB,
      // Asked for when there is something to do. Every minute for what a worker had when it was killed.
      schedule: '* * * * *',
      async run(stopping) {
        for (;;) {
          const file = stopping.aborted ? null : await claimFile(database, LEASE_MS);
          if (file === null) return;
          await make(options, file, stopping);
        }
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
  try {
    let n = 0;
    for await (const bytes of inPieces(packed(maker(file)))) {
      if (stopping.aborted) return await releaseFile(database, file);
      // Another worker has begun it anew.
      if (!(await appendPiece(database, file, n, bytes, LEASE_MS))) return;
      n += 1;
    }
    await finishFile(database, file, clock.now() + KEPT_MS);
  } catch (error) {
    await releaseFile(database, file);
    log.error({ file: file.id, kind: file.kind, attempt: file.attempt }, 'an export file could not be made');
    throw error;
  }
}

async function* packed(text: AsyncIterable<string>): AsyncGenerator<Buffer> {
  const source = Readable.from(text);
  const gzip = createGzip();
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
