import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import type { TokenSigner } from '../crypto/index.ts';
import type { Database, Queryable } from '../database/database.ts';
import { ApiError } from '../http/api-error.ts';
import { idBytes, newId } from '../ids.ts';
import { requestJob } from '../jobs/request-job.ts';
import { findWaitingFile, insertFile } from './export-file-store.ts';
import type { ExportRequest, ReadyFile } from './export-file.ts';
import { findFile, readPieces } from './ready-file-store.ts';

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

/** How a file is called and kept. */
export interface FileForm {
  /** The last part of its link. */
  readonly name: string;
  /** As gzip; when absent. */
  readonly packed?: boolean;
}

/** What was asked for: new, or waiting already. */
export interface AskedFile {
  readonly id: string;
  readonly url: string;
  readonly isNew: boolean;
}

/** Files that a job makes: asked for here, made by `makeExportFiles`, fetched by whoever has the link. */
export class ExportFiles {
  readonly #options: ExportFilesOptions;

  constructor(options: ExportFilesOptions) {
    this.#options = options;
  }

  /**
   * The link to a file that will be there. The same one while nobody has made it yet: asking again makes no
   * second file.
   */
  async request(request: ExportRequest, formAt: (now: number) => FileForm): Promise<string> {
    const { database, clock } = this.#options;
    const asked = await database.transaction((transaction) =>
      this.askOnce(transaction, request, formAt(clock.now())),
    );
    return asked.url;
  }

  /** As `request`, within a transaction. */
  async askOnce(transaction: Queryable, request: ExportRequest, form: FileForm): Promise<AskedFile> {
    const there = await findWaitingFile(transaction, request);
    if (there === null) return this.ask(transaction, request, form);
    await this.#wakeMakers(transaction);
    return { id: there.id, url: this.linkTo(there), isNew: false };
  }

  /** A file of its own, however many of the same are asked for. */
  async ask(
    transaction: Queryable,
    request: ExportRequest,
    { name, packed = true }: FileForm,
  ): Promise<AskedFile> {
    const now = this.#options.clock.now();
    const id = newId();
    const times = { createdAt: new Date(now), expiresAt: new Date(now + MADE_WITHIN_MS) };
    await insertFile(transaction, { ...request, id, name, packed, ...times });
    await this.#wakeMakers(transaction);
    return { id, url: this.linkTo({ id, name }), isNew: true };
  }

  /** Whoever has it can fetch the file. Nobody can guess it. */
  linkTo({ id, name }: { readonly id: string; readonly name: string }): string {
    const { signer, publicUrl } = this.#options;
    return `${publicUrl}/exports/${signer.sign(PURPOSE, idBytes(id))}/${name}`;
  }

  /**
   * Throws ApiError `export-file-not-found` for no link of ours and when the file has expired or was cancelled,
   * and `whileUnmade` until it is ready.
   */
  async open(
    token: string,
    whileUnmade: (kind: string) => 'export-file-not-found' | 'export-file-not-ready' = () =>
      'export-file-not-found',
  ): Promise<ReadyFile> {
    const { database, clock, signer } = this.#options;
    const id = signer.verify(PURPOSE, token)?.toString('hex');
    const file = id?.length === 32 ? await findFile(database, id, clock.now()) : null;
    if (file === null || file.state === 'cancelled') throw new ApiError('export-file-not-found');
    if (file.state === 'waiting') throw new ApiError(whileUnmade(file.kind));
    return file;
  }

  /** The bytes from `from` up to and with `to`: the whole file when they are absent. */
  read(file: ReadyFile, { from = 0, to = file.size - 1 }: { from?: number; to?: number } = {}): Readable {
    return Readable.from(readPieces(this.#options.database, file, { from, to }), { objectMode: false });
  }

  #wakeMakers(transaction: Queryable): Promise<unknown> {
    return requestJob(transaction, { name: EXPORT_JOB, key: 'asked', at: this.#options.clock.now() });
  }
}
