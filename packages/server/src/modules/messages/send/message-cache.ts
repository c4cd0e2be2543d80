import type { Database } from '../../../platform/database/database.ts';
import { bringsFiles } from '../../templates/index.ts';
import type { ContentCache } from '../../templates/index.ts';
import type { Message } from '../message.ts';
import { loadMessages } from '../message-store.ts';

const MOST = 1_000;

/**
 * Messages that are being sent. A message never changes, so what is here is never stale. Those that bring
 * files are not kept: a thousand of them would fill the memory.
 */
export class MessageCache {
  readonly #database: Database;
  readonly #messages = new Map<string, Message>();

  readonly #contents: ContentCache;

  constructor(database: Database, contents: ContentCache) {
    this.#database = database;
    this.#contents = contents;
  }

  /** The messages of these ids that exist, in two statements for those not yet here. */
  async load(ids: readonly string[]): Promise<ReadonlyMap<string, Message>> {
    const wanted = new Set(ids);
    const found = new Map<string, Message>();
    const missing: string[] = [];
    for (const id of wanted) {
      const message = this.#messages.get(id);
      if (message === undefined) missing.push(id);
      else found.set(id, message);
    }
    if (missing.length > 0) {
      const rows = await loadMessages(this.#database, missing);
      const contents = await this.#contents.load(
        rows.map(({ appId, contentId }) => ({ appId, id: contentId })),
      );
      for (const row of rows) {
        const content = contents.get(`${row.appId} ${row.contentId}`);
        if (content === undefined) continue;
        const message = { ...row, content };
        found.set(message.id, message);
        if (!bringsFiles(content)) this.#keep(message);
      }
    }
    return found;
  }

  #keep(message: Message): void {
    this.#messages.set(message.id, message);
    if (this.#messages.size <= MOST) return;
    const oldest = this.#messages.keys().next();
    if (!oldest.done) this.#messages.delete(oldest.value);
  }
}
