import type {
  AuditAction,
  CreateExportBody,
  CsvExportBody,
  ExportKind,
  ExportPage,
  ExportView,
} from '@carillon/wire';
import { EXPORT_KINDS } from '@carillon/wire';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import {
  cancelFile,
  countUnmadeFiles,
  findShownFile,
  findShownFiles,
  removeFile,
} from '../../platform/export-files/index.ts';
import type { AskedFile, ExportFiles, ShownFile } from '../../platform/export-files/index.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { invalidField } from '../../platform/http/invalid-field.ts';
import { decodeCursor, encodeCursor } from '../../platform/http/page-cursor.ts';
import { isUuid } from '../../platform/ids.ts';
import { recordChange } from '../accounts/index.ts';
import type { Author } from '../accounts/index.ts';
import type { Expression } from '../audience/index.ts';
import { EXPORT_SOURCES } from './export-sources.ts';
import type { ExportSubject } from './export-subject.ts';
import { presentExport } from './present-export.ts';
import { readCsvExport, readRequest } from './read-request.ts';
import type { AskedSubject } from './read-request.ts';
import { DOCUMENTED_COLUMNS } from './subscription-source-store.ts';

/** Of an app, that are not ready yet. */
const MOST_UNMADE = 10;
const RETRY_S = 10;
const PAGE = 50;
const ENDINGS = { csv: 'csv.gz', jsonl: 'jsonl.gz', parquet: 'parquet' } as const;

export interface ExportsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly files: ExportFiles;
  /** Who is in the segment of that name; null when the app has none. */
  readonly findSegment: (appId: string, name: string) => Promise<Expression | null>;
  /** Whether the app has such a message. */
  readonly hasMessage: (appId: string, id: string) => Promise<boolean>;
}

/** The exports of all apps. */
export class Exports {
  readonly #options: ExportsOptions;

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  /**
   * Where the gzip CSV of subscriptions will be; the same link for the same request while nobody has made the
   * file. Throws ApiError `request-invalid`, `export-limit`.
   */
  async csvOfSubscriptions(appId: string, body: CsvExportBody, author: Author): Promise<string> {
    const asked = readCsvExport(body, DOCUMENTED_COLUMNS);
    const subject = { ...asked, segment: await this.#segmentOf(appId, asked, 'segment_name') };
    const day = new Date(this.#options.clock.now()).toISOString().slice(0, 10);
    const file = await this.#ask(appId, 'subscriptions', subject, `users_${day}.csv.gz`, author);
    return file.url;
  }

  /** Throws ApiError `request-invalid`, `message-not-found`, `export-limit`. */
  async create(appId: string, body: CreateExportBody, author: Author): Promise<ExportView> {
    const asked = readRequest(body, EXPORT_SOURCES[body.kind]);
    const messageId = asked.filter.message_id;
    if (messageId !== undefined && !(await this.#options.hasMessage(appId, messageId))) {
      throw new ApiError('message-not-found');
    }
    const subject = { ...asked, segment: await this.#segmentOf(appId, asked, 'filter.segment') };
    const stamp = new Date(this.#options.clock.now()).toISOString().slice(0, 19).replaceAll(':', '-');
    const name = `${body.kind}_${stamp}.${ENDINGS[subject.format]}`;
    const { id } = await this.#ask(appId, body.kind, subject, name, author);
    return this.view(appId, id);
  }

  /** Newest first. Throws ApiError `cursor-invalid`. */
  async list(
    appId: string,
    { limit = PAGE, cursor }: { readonly limit?: number; readonly cursor?: string },
  ): Promise<ExportPage> {
    const { database, clock } = this.#options;
    const list = ['exports', appId];
    const [at, id] =
      cursor === undefined ? [END_OF_TIME, HIGHEST_ID] : decodeCursor(list, cursor, ['integer', 'uuid']);
    const before = { createdAt: new Date(at), id };
    const found = await findShownFiles(database, appId, {
      kinds: EXPORT_KINDS,
      now: clock.now(),
      before,
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      exports: shown.map((file) => this.#present(file)),
      has_more: last !== undefined,
      ...(last !== undefined && { next_cursor: encodeCursor(list, [last.createdAt.getTime(), last.id]) }),
    };
  }

  /** Throws ApiError `export-not-found`. */
  async view(appId: string, id: string): Promise<ExportView> {
    return this.#present(await this.#find(this.#options.database, appId, id));
  }

  /** What was made of it goes at once. Throws ApiError `export-not-found`, `export-ended`. */
  async cancel(appId: string, id: string, author: Author): Promise<ExportView> {
    await this.#options.database.transaction(async (transaction) => {
      const file = await this.#find(transaction, appId, id);
      if (!(await cancelFile(transaction, appId, file.id))) {
        const { state } = await this.#find(transaction, appId, id);
        throw new ApiError('export-ended', { params: { state } });
      }
      await this.#record(transaction, 'export.cancelled', appId, file, author);
    });
    return this.view(appId, id);
  }

  /** The export and its file, whatever its state. Throws ApiError `export-not-found`. */
  async remove(appId: string, id: string, author: Author): Promise<void> {
    await this.#options.database.transaction(async (transaction) => {
      const file = await this.#find(transaction, appId, id);
      await removeFile(transaction, appId, file.id);
      await this.#record(transaction, 'export.deleted', appId, file, author);
    });
  }

  #ask(
    appId: string,
    kind: ExportKind,
    subject: ExportSubject,
    name: string,
    author: Author,
  ): Promise<AskedFile> {
    const { database, clock, files } = this.#options;
    const request = { appId, kind, subject: { ...subject } };
    const form = { name, packed: subject.format !== 'parquet' };
    return database.transaction(async (transaction) => {
      const unmade = await countUnmadeFiles(transaction, appId, EXPORT_KINDS, clock.now());
      const file =
        subject.spelling === 'documented'
          ? await files.askOnce(transaction, request, form)
          : await files.ask(transaction, request, form);
      if (!file.isNew) return file;
      if (unmade >= MOST_UNMADE) {
        throw new ApiError('export-limit', { params: { limit: MOST_UNMADE }, retryAfter: RETRY_S });
      }
      await this.#record(transaction, 'export.created', appId, { id: file.id, name, kind }, author);
      return file;
    });
  }

  async #segmentOf(appId: string, { filter }: AskedSubject, field: string): Promise<Expression | null> {
    if (filter.segment === undefined) return null;
    const segment = await this.#options.findSegment(appId, filter.segment);
    if (segment === null) throw invalidField(field, `"${filter.segment}" is no segment of this app`);
    return segment;
  }

  async #find(database: Queryable, appId: string, id: string): Promise<ShownFile> {
    const among = { kinds: EXPORT_KINDS, now: this.#options.clock.now() };
    const file = isUuid(id) ? await findShownFile(database, appId, id, among) : null;
    if (file === null) throw new ApiError('export-not-found', { params: { id } });
    return file;
  }

  #record(
    transaction: Queryable,
    action: AuditAction,
    appId: string,
    { id, name, kind }: Pick<ShownFile, 'id' | 'name' | 'kind'>,
    author: Author,
  ): Promise<void> {
    const target = { type: 'export', id, name };
    return recordChange(transaction, this.#options.clock.now(), author, {
      action,
      appId,
      target,
      metadata: { kind },
    });
  }

  #present(file: ShownFile): ExportView {
    return presentExport(file, this.#options.files.linkTo(file));
  }
}

const END_OF_TIME = Date.UTC(9999, 11, 31);
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
