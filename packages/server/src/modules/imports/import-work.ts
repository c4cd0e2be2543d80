import type { ImportView, StartImportBody } from '@carillon/wire';
import type { Queryable, Transaction } from '../../platform/database/database.ts';
import type { Author } from '../accounts/index.ts';
import { readColumns } from './columns.ts';
import { readHeader } from './csv/read-header.ts';
import { findOrRefuse, wrongState } from './find-import.ts';
import { readBeginning } from './import-pieces.ts';
import type { ImportRecord } from './import-record.ts';
import { removeImport } from './import-store.ts';
import type { ImportsOptions } from './imports-options.ts';
import { wakeImports } from './jobs.ts';
import { dropPieces } from './piece-store.ts';
import { presentImport } from './present-import.ts';
import { recordAction } from './record-action.ts';
import { dropRejects } from './reject-store.ts';
import { cancelImport, startImport, startUndo } from './state-store.ts';

/** What is to become of imports whose file is here. `importJobs` does it. */
export class ImportWork {
  readonly #options: ImportsOptions;

  constructor(options: ImportsOptions) {
    this.#options = options;
  }

  /** Throws ApiError `import-not-found`, `import-state`, `import-unreadable`, `request-invalid`. */
  async start(
    appId: string,
    id: string,
    { dry_run: isDry = false, ...settings }: StartImportBody,
    author: Author,
  ): Promise<ImportView> {
    const { database } = this.#options;
    const record = await this.#find(database, appId, id);
    if (record.state === 'ready') {
      readColumns(readHeader(await readBeginning(database, record), settings.delimiter).columns, settings);
    }
    return this.#change(appId, id, async (transaction, now) => {
      const state = isDry ? 'checking' : 'running';
      const asked = { state, settings, keyId: keyOf(author), now } as const;
      if (!(await startImport(transaction, record, asked))) {
        throw wrongState(await this.#find(transaction, appId, id), 'a start', 'ready');
      }
      await dropRejects(transaction, record);
      await wakeImports(transaction, now);
      const metadata = { dry_run: isDry };
      await recordAction(transaction, record, { action: 'import.started', author, now, metadata });
    });
  }

  /**
   * What is written by then stays, and can be undone; what is undone by then stays undone. A dry run leaves the file
   * as it was. Throws ApiError `import-not-found`, `import-state`.
   */
  cancel(appId: string, id: string, author: Author): Promise<ImportView> {
    return this.#change(appId, id, async (transaction, now) => {
      const record = await this.#find(transaction, appId, id);
      if (!(await cancelImport(transaction, record, now))) {
        throw wrongState(record, 'cancelling', 'not ended');
      }
      if (record.state !== 'checking') await dropPieces(transaction, record);
      await recordAction(transaction, record, { action: 'import.cancelled', author, now });
    });
  }

  /** Goes on with one that was cancelled. Throws ApiError `import-not-found`, `import-state`. */
  undo(appId: string, id: string, author: Author): Promise<ImportView> {
    return this.#change(appId, id, async (transaction, now) => {
      const record = await this.#find(transaction, appId, id);
      if (!(await startUndo(transaction, record, { now, keyId: keyOf(author) }))) {
        throw wrongState(record, 'an undo', 'done, failed or cancelled, and has been started');
      }
      await wakeImports(transaction, now);
      await recordAction(transaction, record, { action: 'import.undone', author, now });
    });
  }

  /**
   * The record and its file: users stay, and cannot be undone any more. Throws ApiError `import-not-found`,
   * `import-state`.
   */
  async remove(appId: string, id: string, author: Author): Promise<void> {
    const { database, clock } = this.#options;
    await database.transaction(async (transaction) => {
      const record = await this.#find(transaction, appId, id);
      if (record.state === 'running' || record.state === 'undoing') {
        throw wrongState(record, 'deleting', 'not at work: cancel it first');
      }
      await removeImport(transaction, record);
      await recordAction(transaction, record, { action: 'import.deleted', author, now: clock.now() });
    });
  }

  async #change(
    appId: string,
    id: string,
    change: (transaction: Transaction, now: number) => Promise<void>,
  ): Promise<ImportView> {
    const { database, clock, publicUrl } = this.#options;
    await database.transaction((transaction) => change(transaction, clock.now()));
    return presentImport(await this.#find(database, appId, id), publicUrl);
  }

  #find(database: Queryable, appId: string, id: string): Promise<ImportRecord> {
    return findOrRefuse(database, appId, id, this.#options.clock.now());
  }
}

function keyOf(author: Author): string | null {
  return author.kind === 'api-key' ? author.keyId : null;
}
