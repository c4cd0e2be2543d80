import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { TokenSigner } from '../crypto/index.ts';
import type { Database } from '../database/database.ts';
import { ApiError } from '../http/api-error.ts';
import { idBytes, newId } from '../ids.ts';
import { requestJob } from '../jobs/request-job.ts';
import { findReadyFile, findWaitingFile, insertFile, readPieces } from './export-file-store.ts';
import type { ExportRequest, ReadyFile } from './export-file-store.ts';

export interface ExportFilesOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly signer: TokenSigner;
  readonly publicUrl: string;
}

/** How long a file can be fetched, from the moment at which it is ready. */
export const KEPT_MS = 3 * 86_400_000;
/** How long it may take until one is ready. */
const MADE_WITHIN_MS = 7 * 86_400_000;

/** The job that makes what was asked for. */
export const EXPORT_JOB = 'make-export-files';

const PURPOSE = 'export file';

/** Files that a job makes: asked for here, made by `makeExportFiles`, fetched by whoever has the link. */
export class ExportFiles {
  readonly #options: ExportFilesOptions;

  constructor(options: ExportFilesOptions) {
    this.#options = options;
  }

  /**
   * The link to a file that will be there, under `name`. The same one while nobody has made it yet: asking
   * again makes no second file.
   */
  async request(request: ExportRequest, nameAt: (now: number) => string): Promise<string> {
    const { database, clock, signer, publicUrl } = this.#options;
    const now = clock.now();
    const id = await database.transaction(async (transaction) => {
      const there = await findWaitingFile(transaction, request);
      const asked = there ?? newId();
      if (there === null) {
        await insertFile(transaction, asked, request, { createdAt: now, expiresAt: now + MADE_WITHIN_MS });
      }
      await requestJob(transaction, { name: EXPORT_JOB, key: 'asked', at: now });
      return asked;
    });
    return `${publicUrl}/exports/${signer.sign(PURPOSE, idBytes(id))}/${nameAt(now)}`;
  }

  /** Throws ApiError `export-file-not-found` until the file is ready, when it has expired, and for no link of ours. */
  async open(token: string): Promise<{ readonly file: ReadyFile; readonly bytes: Readable }> {
    const { database, clock, signer } = this.#options;
    const id = signer.verify(PURPOSE, token)?.toString('hex');
    const file = id?.length === 32 ? await findReadyFile(database, id, clock.now()) : null;
    if (file === null) throw new ApiError('export-file-not-found');
    return { file, bytes: Readable.from(readPieces(database, file), { objectMode: false }) };
  }
}
