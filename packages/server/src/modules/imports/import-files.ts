import type { ImportFromUrlBody, ImportView } from '@carillon/wire';
import { ApiError } from '../../platform/http/api-error.ts';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { newId } from '../../platform/ids.ts';
import type { Author } from '../accounts/index.ts';
import { readHeader } from './csv/read-header.ts';
import { findOrRefuse } from './find-import.ts';
import { NotWanted, readBeginning, storePieces } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { countUnended, insertImport, removeImport } from './import-store.ts';
import type { ImportsOptions } from './imports-options.ts';
import { KEPT_MS, wakeImports } from './jobs.ts';
import { presentImport } from './present-import.ts';
import { recordAction } from './record-action.ts';
import { storeUploaded } from './state-store.ts';
import { unpacked } from './unpacked.ts';

/** Of an app, that have not ended. */
const MOST_UNENDED = 10;
const RETRY_S = 30;
/** How long a file may be on its way. */
const ARRIVES_WITHIN_MS = 86_400_000;
const LONGEST_NAME = 128;

/** A file as it comes. */
export interface UploadedFile {
  readonly name: string;
  readonly bytes: AsyncIterable<Buffer>;
}

/** Takes the files of imports: nothing is written to users. */
export class ImportFiles {
  readonly #options: ImportsOptions;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /**
   * Takes a file, CSV or gzip of it, whole: when this throws, nothing of it is left. Throws ApiError `import-limit`,
   * `import-too-large`, `import-gzip`, `import-stalled`, `import-unreadable`, and what the bytes throw.
   */
  async upload(appId: string, { name, bytes: file }: UploadedFile, author: Author): Promise<ImportView> {
    const { database, clock } = this.#options;
    const asked = { name: name.slice(0, LONGEST_NAME), state: 'uploading', url: null, host: null } as const;
    const id = await this.#create(appId, asked, author);
    const of = { appId, id, epoch: 0 };
    try {
      const bytes = await storePieces(database, of, unpacked(file));
      readHeader(await readBeginning(database, { ...of, bytes }), undefined);
      if (!(await storeUploaded(database, of, 'uploading', { bytes, expiresAt: clock.now() + KEPT_MS }))) {
        throw new NotWanted();
      }
    } catch (error) {
      await removeImport(database, of);
      if (error instanceof NotWanted) throw new ApiError('import-not-found', { params: { id } });
      throw error;
    }
    return this.#view(appId, id);
  }

  /** A job fetches the file. Throws ApiError `request-invalid`, `import-limit`. */
  async fromUrl(appId: string, { url, name }: ImportFromUrlBody, author: Author): Promise<ImportView> {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw invalidField('url', 'must be an http or https URL of a CSV file, or of gzip of one');
    }
    const { hostname, pathname } = new URL(url);
    const called = name ?? (pathname.split('/').at(-1) || hostname);
    const asked = { name: called.slice(0, LONGEST_NAME), state: 'fetching', url, host: hostname } as const;
    return this.#view(appId, await this.#create(appId, asked, author));
  }

  async #view(appId: string, id: string): Promise<ImportView> {
    const { database, clock, publicUrl } = this.#options;
    return presentImport(await findOrRefuse(database, appId, id, clock.now()), publicUrl);
  }

  async #create(
    appId: string,
    asked: Pick<ImportRecord, 'name' | 'url' | 'host'> & { readonly state: 'uploading' | 'fetching' },
    author: Author,
  ): Promise<string> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const id = newId();
    await database.transaction(async (transaction) => {
      if ((await countUnended(transaction, appId, now)) >= MOST_UNENDED) {
        throw new ApiError('import-limit', { params: { limit: MOST_UNENDED }, retryAfter: RETRY_S });
      }
      const times = { createdAt: new Date(now), expiresAt: new Date(now + ARRIVES_WITHIN_MS) };
      await insertImport(transaction, { ...asked, id, appId, ...times });
      if (asked.state === 'fetching') await wakeImports(transaction, now);
      const created = { action: 'import.created', author, now } as const;
      await recordAction(transaction, { id, appId, name: asked.name }, created);
    });
    return id;
  }
}
