import type {
  ImportFromUrlBody,
  ImportPage,
  ImportPreview,
  ImportView,
  PreviewImportBody,
  StartImportBody,
} from '@carillon/wire';
import type { Answer } from '../failure.ts';
import { segment } from '../transport.ts';
import type { Streamed, Transport } from '../transport.ts';

/** Routes of imports: files of users, tags and subscriptions. Carillon only. */
export class Imports {
  readonly #transport: Transport;
  readonly #base: string;

  constructor(transport: Transport, appId: string) {
    this.#transport = transport;
    this.#base = `/apps/${segment(appId)}/imports`;
  }

  /** Sends a file, CSV or gzip of it, as it is read. Nothing of it is written before it is started. In one try. */
  async upload(
    name: string,
    file: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<Answer<ImportView>> {
    // What the file is, the server sees by its first bytes.
    const opened = await this.#transport.stream({
      path: `${this.#base}?${new URLSearchParams({ name }).toString()}`,
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
      signal,
    });
    if (!opened.ok) return opened;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of opened.body) chunks.push(chunk);
      const value = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ImportView;
      return { ok: true, value, status: 201, replayed: false };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, failure: { kind: 'unreachable', message } };
    }
  }

  /** The server fetches the file itself. Not repeated after a lost answer: a second arrival would fetch it twice. */
  fromUrl(input: ImportFromUrlBody, signal?: AbortSignal): Promise<Answer<ImportView>> {
    const call = { path: this.#base, body: input };
    return this.#transport.send({ method: 'POST', ...call, repeatable: false, signal });
  }

  /** Newest first. */
  list(
    query: { readonly limit?: number; readonly cursor?: string } = {},
    signal?: AbortSignal,
  ): Promise<Answer<ImportPage>> {
    return this.#transport.send({ method: 'GET', path: this.#base, query, repeatable: true, signal });
  }

  /** How far it is. */
  view(id: string, signal?: AbortSignal): Promise<Answer<ImportView>> {
    return this.#transport.send({ method: 'GET', path: this.#pathOf(id), repeatable: true, signal });
  }

  /** What the first rows would do. */
  preview(id: string, input: PreviewImportBody = {}, signal?: AbortSignal): Promise<Answer<ImportPreview>> {
    return this.#work(id, 'preview', input, signal);
  }

  /** Starts it, or with `dry_run` goes through the whole file and writes nothing. */
  start(id: string, input: StartImportBody = {}, signal?: AbortSignal): Promise<Answer<ImportView>> {
    return this.#work(id, 'start', input, signal);
  }

  /** What is written by then stays. */
  cancel(id: string, signal?: AbortSignal): Promise<Answer<ImportView>> {
    return this.#work(id, 'cancel', {}, signal);
  }

  /** Takes back what it wrote, where nobody has written since. */
  undo(id: string, signal?: AbortSignal): Promise<Answer<ImportView>> {
    return this.#work(id, 'undo', {}, signal);
  }

  /** The rejected rows of the last run as CSV, as they arrive: line, column, rule. */
  rejects(id: string, signal?: AbortSignal): Promise<Streamed> {
    return this.#transport.stream({
      method: 'GET',
      path: `${this.#pathOf(id)}/rejects`,
      headers: { accept: 'text/csv, application/json' },
      signal,
    });
  }

  /** Forgets it; the users stay. */
  delete(id: string, signal?: AbortSignal): Promise<Answer<{ readonly success: boolean }>> {
    return this.#transport.send({ method: 'DELETE', path: this.#pathOf(id), repeatable: true, signal });
  }

  #work<Value>(
    id: string,
    work: 'preview' | 'start' | 'cancel' | 'undo',
    body: object,
    signal: AbortSignal | undefined,
  ): Promise<Answer<Value>> {
    const path = `${this.#pathOf(id)}/${work}`;
    // A second start of one that has begun is refused.
    return this.#transport.send({ method: 'POST', path, body, repeatable: work === 'preview', signal });
  }

  #pathOf(id: string): string {
    return `${this.#base}/${segment(id)}`;
  }
}
