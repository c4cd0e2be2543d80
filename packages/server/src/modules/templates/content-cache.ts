import type { Channel } from '@carillon/wire';
import type { Database } from '../../platform/database/database.ts';
import { EMPTY, bringsFiles, contentId } from './content.ts';
import type { Content } from './content.ts';
import { keepContent, loadContents } from './content-store.ts';
import type { ContentKey } from './content-store.ts';
import { KEPT_MS } from './spare-contents.ts';

/** A content can be 256 KB: this many of the largest are 64 MB. */
const MOST = 256;
/** One that brings files can be three times as large. */
const MOST_WITH_FILES = 32;

interface Remembered {
  readonly content: Content;
  /** When this process last made sure that it is stored; 0 when it has only read it. */
  readonly keptAt: number;
}

/** Contents in use. A content never changes, so what is here is never stale. */
export class ContentCache {
  readonly #database: Database;
  readonly #contents = new Map<string, Remembered>();
  readonly #withFiles = new Map<string, Remembered>();

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Makes sure that a content is stored, and returns its id. Costs nothing for one kept in the last
   * minute: contents that nobody has kept for longer may be deleted when no message refers to them.
   */
  async keep(appId: string, content: Content, now: number): Promise<string> {
    const id = contentId(content);
    const key = `${appId} ${id}`;
    if ((this.#get(key)?.keptAt ?? 0) <= now - KEPT_MS) {
      await keepContent(this.#database, appId, content, now);
      this.#remember(key, { content, keptAt: now });
    }
    return id;
  }

  /** The content of a message of which nothing is to be said any more. */
  keepEmpty(appId: string, channel: Channel, now: number): Promise<string> {
    return this.keep(appId, EMPTY[channel], now);
  }

  /** The contents of these keys, by `appId id`, in one statement for those not yet here. */
  async load(keys: readonly ContentKey[]): Promise<ReadonlyMap<string, Content>> {
    const found = new Map<string, Content>();
    const missing = new Map<string, ContentKey>();
    for (const key of keys) {
      const name = `${key.appId} ${key.id}`;
      const remembered = this.#get(name);
      if (remembered === undefined) missing.set(name, key);
      else found.set(name, remembered.content);
    }
    if (missing.size > 0) {
      for (const { appId, id, content } of await loadContents(this.#database, [...missing.values()])) {
        found.set(`${appId} ${id}`, content);
        this.#remember(`${appId} ${id}`, { content, keptAt: 0 });
      }
    }
    return found;
  }

  #get(name: string): Remembered | undefined {
    return this.#contents.get(name) ?? this.#withFiles.get(name);
  }

  #remember(name: string, remembered: Remembered): void {
    const withFiles = bringsFiles(remembered.content);
    const [contents, most] = withFiles ? [this.#withFiles, MOST_WITH_FILES] : [this.#contents, MOST];
    contents.delete(name);
    contents.set(name, remembered);
    if (contents.size <= most) return;
    const oldest = contents.keys().next();
    if (!oldest.done) contents.delete(oldest.value);
  }
}
