import type { Readable } from 'node:stream';
import type {
  AuditAction,
  ImportFromUrlBody,
  ImportPage,
  ImportPreview,
  ImportView,
  PreviewImportBody,
  StartImportBody,
} from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { isUuid, newId } from '../../platform/ids.ts';
import { recordChange } from '../accounts/index.ts';
import type { Author } from '../accounts/index.ts';
import type { WholeBatches } from '../identity/index.ts';
import { readColumns } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import { NotWanted, readBeginning, storePieces } from './import-pieces.ts';
import { NO_UNDO } from './import-record.ts';
import type { ImportRecord } from './import-record.ts';
import {
  cancelImport,
  countUnended,
  findImport,
  findImports,
  insertImport,
  removeImport,
  startImport,
  startUndo,
  storeUploaded,
} from './import-store.ts';
import { KEPT_MS, wakeImports } from './jobs.ts';
import { dropPieces } from './piece-store.ts';
import { presentImport } from './present-import.ts';
import { previewImport } from './preview.ts';
import { REJECTION_HEADER } from './rejection.ts';
import { dropRejects, readRejects } from './reject-store.ts';
import { unpacked } from './unpacked.ts';

/** Of an app, that have not ended. */
const MOST_UNENDED = 10;
const RETRY_S = 30;
const PAGE = 50;
const PREVIEW_ROWS = 10;
/** How long a file may be on its way. */
const ARRIVES_WITHIN_MS = 86_400_000;

export interface ImportsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly batches: WholeBatches;
  readonly publicUrl: string;
}

/** The imports of all apps: their files, and what is asked for. `importJobs` does the work. */
export class Imports {
  readonly #options: ImportsOptions;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /**
   * Takes a file, CSV or gzip of it, whole: when this throws, nothing of it is left. Throws ApiError `import-limit`,
   * `import-too-large`, `import-gzip`, `import-stalled`, `import-unreadable`.
   */
  async upload(appId: string, name: string, body: Readable, author: Author): Promise<ImportView> {
    const { database, clock } = this.#options;
    const id = await this.#create(appId, { name, state: 'uploading', url: null, host: null }, author);
    const of = { appId, id, epoch: 0 };
    try {
      const bytes = await storePieces(database, of, unpacked(body));
      readHeader(await readBeginning(database, { ...of, bytes }), undefined);
      if (!(await storeUploaded(database, of, 'uploading', { bytes, expiresAt: clock.now() + KEPT_MS }))) {
        throw new NotWanted();
      }
    } catch (error) {
      await removeImport(database, of);
      if (error instanceof NotWanted) throw new ApiError('import-not-found', { params: { id } });
      throw error;
    }
    return this.view(appId, id);
  }

  /** A job fetches the file. Throws ApiError `request-invalid`, `import-limit`. */
  async fromUrl(appId: string, { url, name }: ImportFromUrlBody, author: Author): Promise<ImportView> {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw invalidField('url', 'must be an http or https URL of a CSV file, or of gzip of one');
    }
    const { hostname, pathname } = new URL(url);
    const called = name ?? (pathname.split('/').at(-1) || hostname);
    const asked = { name: called.slice(0, 128), state: 'fetching', url, host: hostname } as const;
    return this.view(appId, await this.#create(appId, asked, author));
  }

  /** Newest first. Throws ApiError `cursor-invalid`. */
  async list(
    appId: string,
    { limit = PAGE, cursor }: { readonly limit?: number; readonly cursor?: string },
  ): Promise<ImportPage> {
    const { database, clock } = this.#options;
    const list = ['imports', appId];
    const before =
      cursor === undefined
        ? ([END_OF_TIME, HIGHEST_ID] as const)
        : decodeCursor(list, cursor, ['integer', 'uuid']);
    const found = await findImports(database, appId, { now: clock.now(), before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      imports: shown.map((record) => presentImport(record, this.#options.publicUrl)),
      has_more: last !== undefined,
      ...(last !== undefined && { next_cursor: encodeCursor(list, [last.createdAt.getTime(), last.id]) }),
    };
  }

  /** Throws ApiError `import-not-found`. */
  async view(appId: string, id: string): Promise<ImportView> {
    return presentImport(await this.#find(this.#options.database, appId, id), this.#options.publicUrl);
  }

  /** Throws ApiError `import-not-found`, `import-state`, `import-unreadable`, `request-invalid`. */
  async preview(
    appId: string,
    id: string,
    { rows = PREVIEW_ROWS, ...settings }: PreviewImportBody,
  ): Promise<ImportPreview> {
    const record = await this.#find(this.#options.database, appId, id);
    if (record.state !== 'ready') throw wrongState(record, 'a preview', 'ready');
    return previewImport(this.#options, record, settings, rows);
  }

  /** Throws as `preview`. */
  async start(
    appId: string,
    id: string,
    { dry_run: isDry = false, ...settings }: StartImportBody,
    author: Author,
  ): Promise<ImportView> {
    const { database, clock } = this.#options;
    const record = await this.#find(database, appId, id);
    if (record.state === 'ready') {
      readColumns(readHeader(await readBeginning(database, record), settings.delimiter).columns, settings);
    }
    await database.transaction(async (transaction) => {
      const state = isDry ? 'checking' : 'running';
      const asked = { state, settings, keyId: keyOf(author), now: clock.now() } as const;
      if (!(await startImport(transaction, record, asked))) {
        throw wrongState(await this.#find(transaction, appId, id), 'a start', 'ready');
      }
      await dropRejects(transaction, record);
      await wakeImports(transaction, clock.now());
      await this.#record(transaction, 'import.started', record, author, { dry_run: isDry });
    });
    return this.view(appId, id);
  }

  /** What is written by then stays, and can be undone. A dry run leaves the file as it was. Throws as `view`, `import-state`. */
  async cancel(appId: string, id: string, author: Author): Promise<ImportView> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      const record = await this.#find(transaction, appId, id);
      if (!(await cancelImport(transaction, record, clock.now()))) {
        throw wrongState(record, 'cancelling', 'not ended');
      }
      if (record.state !== 'checking') await dropPieces(transaction, record);
      await this.#record(transaction, 'import.cancelled', record, author);
    });
    return this.view(appId, id);
  }

  /** Throws ApiError `import-not-found`, `import-state`. */
  async undo(appId: string, id: string, author: Author): Promise<ImportView> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      const record = await this.#find(transaction, appId, id);
      const asked = { now: clock.now(), keyId: keyOf(author), undo: NO_UNDO };
      if (!(await startUndo(transaction, record, asked))) {
        throw wrongState(record, 'an undo', 'done, failed or cancelled, and has been started');
      }
      await wakeImports(transaction, clock.now());
      await this.#record(transaction, 'import.undone', record, author);
    });
    return this.view(appId, id);
  }

  /** The record and its file: users stay, and cannot be undone any more. Throws as `view`, `import-state`. */
  async remove(appId: string, id: string, author: Author): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      const record = await this.#find(transaction, appId, id);
      if (record.state === 'running' || record.state === 'undoing') {
        throw wrongState(record, 'deleting', 'not at work: cancel it first');
      }
      await removeImport(transaction, record);
      await this.#record(transaction, 'import.deleted', record, author);
    });
  }

  /** The rejected rows of the last run, as CSV. Throws ApiError `import-not-found`. */
  async rejects(appId: string, id: string): Promise<AsyncGenerator<string, void, undefined>> {
    const record = await this.#find(this.#options.database, appId, id);
    return withHeader(readRejects(this.#options.database, record));
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
      await this.#record(transaction, 'import.created', { id, appId, name: asked.name }, author);
    });
    return id;
  }

  async #find(database: Queryable, appId: string, id: string): Promise<ImportRecord> {
    const record = isUuid(id) ? await findImport(database, appId, id, this.#options.clock.now()) : null;
    if (record === null) throw new ApiError('import-not-found', { params: { id } });
    return record;
  }

  #record(
    transaction: Queryable,
    action: AuditAction,
    { id, appId, name }: Pick<ImportRecord, 'id' | 'appId' | 'name'>,
    author: Author,
    metadata: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const target = { type: 'import', id, name };
    return recordChange(transaction, this.#options.clock.now(), author, { action, appId, target, metadata });
  }
}

async function* withHeader(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  yield REJECTION_HEADER;
  yield* lines;
}

function wrongState({ state }: ImportRecord, action: string, states: string): ApiError {
  return new ApiError('import-state', { params: { state, action, states } });
}

function keyOf(author: Author): string | null {
  return author.kind === 'api-key' ? author.keyId : null;
}

const END_OF_TIME = Date.UTC(9999, 11, 31);
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
