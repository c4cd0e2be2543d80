import type { MessageList, MessageView } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import { countEvents, findMessage, findMessagePage, findProgress } from './message-view-store.ts';
import type { PageOptions, StoredMessage } from './message-view-store.ts';
import { presentMessage } from './present-message.ts';

/** Reads messages back. */
export class MessageViews {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws ApiError `message-not-found` for an id that is not of this app. */
  async one(appId: string, id: string): Promise<MessageView> {
    const message = isUuid(id) ? await findMessage(this.#database, appId, id) : undefined;
    const [view] = message === undefined ? [] : await this.#present([message]);
    if (view === undefined) throw new ApiError('message-not-found');
    return view;
  }

  async page(appId: string, options: PageOptions): Promise<MessageList> {
    const { messages, total } = await findMessagePage(this.#database, appId, options);
    const { limit, offset } = options;
    return { total_count: total, offset, limit, notifications: await this.#present(messages) };
  }

  async #present(messages: readonly StoredMessage[]): Promise<MessageView[]> {
    if (messages.length === 0) return [];
    const ids = messages.map((message) => message.id);
    const [progress, events] = await Promise.all([
      findProgress(this.#database, ids),
      countEvents(this.#database, ids),
    ]);
    return messages.map((message) =>
      presentMessage(
        message,
        progress.get(message.id),
        events.filter((event) => event.messageId === message.id),
      ),
    );
  }
}
