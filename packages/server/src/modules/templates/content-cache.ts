import type { Database } from '../../platform/database/database.ts';
import type { Content } from './content.ts';
import { keepContent, loadContents } from './content-store.ts';
import type { ContentKey } from './content-store.ts';
import { contentId } from './content.ts';

/** A content can be 256 KB: this many of the largest are 64 MB. */
const MOST = 256;

/** Contents in use. A content never changes, so what is here is never stale. */
export class ContentCache {
  readonly #database: Database;
  readonly #contents = new Map<string, Content>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes sure that a content is stored, and returns its id. Costs nothing for one seen lately. */
  async keep(appId: string, content: Content, now: number): Promise<string> {
    const id = contentId(content);
    if (!this.#contents.has(`${appId} ${id}`)) {
      await keepContent(this.#database, appId, content, now);
      this.#remember(`${appId} ${id}`, content);
    }
    return id;
  }

  /** The contents of these keys, by `appId id`, in one statement for those not yet here. */
  async load(keys: readonly ContentKey[]): Promise<ReadonlyMap<string, Content>> {
    const found = new Map<string, Content>();
    const missing = new Map<string, ContentKey>();
    for (const key of keys) {
      const name = `${key.appId} ${key.id}`;
      const content = this.#contents.get(name);
      if (content === undefined) missing.set(name, key);
      else found.set(name, content);
    }
    if (missing.size > 0) {
      for (const { appId, id, content } of await loadContents(this.#database, [...missing.values()])) {
        found.set(`${appId} ${id}`, content);
        this.#remember(`${appId} ${id}`, content);
      }
    }
    return found;
  }

  #remember(name: string, content: Content): void {
    this.#contents.delete(name);
    this.#contents.set(name, content);
    if (this.#contents.size <= MOST) return;
    const oldest = this.#contents.keys().next();
    if (!oldest.done) this.#contents.delete(oldest.value);
  }
}
