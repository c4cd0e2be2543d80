import type { ImportPage, ImportPreview, ImportView, PreviewImportBody } from '@carillon/wire';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { findOrRefuse, wrongState } from './find-import.ts';
import type { ImportRecord } from './import-record.ts';
import { findImports } from './import-store.ts';
import type { ImportsOptions } from './imports-options.ts';
import { presentImport } from './present-import.ts';
import { previewImport } from './preview.ts';
import { REJECTION_HEADER } from './rejection.ts';
import { readRejects } from './reject-store.ts';

const PAGE = 50;
const PREVIEW_ROWS = 10;
const END_OF_TIME = Date.UTC(9999, 11, 31);
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What imports there are, and what each would do and has done. Changes nothing. */
export class Imports {
  readonly #options: ImportsOptions;

  constructor(options: ImportsOptions) {
    this.#options = options;
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
    return presentImport(await this.#find(appId, id), this.#options.publicUrl);
  }

  /** Throws ApiError `import-not-found`, `import-state`, `import-unreadable`, `request-invalid`. */
  async preview(
    appId: string,
    id: string,
    { rows = PREVIEW_ROWS, ...settings }: PreviewImportBody,
  ): Promise<ImportPreview> {
    const record = await this.#find(appId, id);
    if (record.state !== 'ready') throw wrongState(record, 'a preview', 'ready');
    return previewImport(this.#options, record, settings, rows);
  }

  /** The rejected rows of the last run, as CSV. Throws ApiError `import-not-found`. */
  async rejects(appId: string, id: string): Promise<AsyncGenerator<string, void, undefined>> {
    return withHeader(readRejects(this.#options.database, await this.#find(appId, id)));
  }

  #find(appId: string, id: string): Promise<ImportRecord> {
    const { database, clock } = this.#options;
    return findOrRefuse(database, appId, id, clock.now());
  }
}

async function* withHeader(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  yield REJECTION_HEADER;
  yield* lines;
}
