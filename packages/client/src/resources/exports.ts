import type {
  CreateExportBody,
  CsvExportAnswer,
  CsvExportBody,
  ExportPage,
  ExportView,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Transport } from '../transport.ts';

/** Routes of exports: files of what an app has. */
export class Exports {
  readonly #transport: Transport;
  readonly #base: string;
  readonly #app: { readonly app_id: string };

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/exports`;
    this.#app = { app_id: appId };
  }

  /** Not repeated after a lost answer: a second arrival would make a second file. */
  create(input: CreateExportBody, signal?: AbortSignal): Promise<Answer<ExportView>> {
    return this.#transport.send({
      method: 'POST',
      path: this.#base,
      body: input,
      repeatable: false,
      signal,
    });
  }

  /** Newest first. */
  list(
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<ExportPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  /** How far it is; `url` leads to the file once `state` is `ready`. */
  view(id: string, signal?: AbortSignal): Promise<Answer<ExportView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** Refused once it is ready. */
  cancel(id: string, signal?: AbortSignal): Promise<Answer<ExportView>> {
    const path = `${this.#pathOf(id)}/cancel`;
    return this.#transport.send({ method: 'POST', path, repeatable: true, signal });
  }

  /** The export and its file. */
  delete(id: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(id), repeatable: true, signal });
  }

  /**
   * Where the gzip CSV of subscriptions will be, in the columns that OneSignal documents: 403 until it is ready, kept
   * for 3 days. The same request has the same link until then.
   */
  subscriptionsCsv(input: CsvExportBody = {}, signal?: AbortSignal): Promise<Answer<CsvExportAnswer>> {
    return this.#transport.send({
      method: 'POST',
      path: '/players/csv_export',
      query: this.#app,
      body: input,
      repeatable: true,
      signal,
    });
  }

  #pathOf(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
