import type { MessageList, MessageView, OutcomesQuery, OutcomeSum } from '@carillon/wire';
import type { Database } from '../../../platform/database/database.ts';
import { ApiError } from '../../../platform/http/api-error.ts';
import { isUuid } from '../../../platform/ids.ts';
import {
  countByPlatform,
  countEvents,
  findMessage,
  findMessagePage,
  findMessagesDue,
  findProgress,
} from './message-view-store.ts';
import type { PageOptions, StoredMessage } from './message-view-store.ts';
import { presentMessage } from './present-message.ts';
import { readTimeOffset, writeTimeOffset } from './time-offset.ts';

/** The outcomes of a message that a query asks for by name. Throws ApiError. */
export type OutcomesOf = (
  appId: string,
  messageId: string,
  query: OutcomesQuery,
) => Promise<readonly OutcomeSum[]>;

/** Reads messages back. */
export class MessageViews {
  readonly #database: Database;
  readonly #outcomesOf: OutcomesOf;

  constructor(database: Database, outcomesOf: OutcomesOf) {
    this.#database = database;
    this.#outcomesOf = outcomesOf;
  }

  /** Throws ApiError `message-not-found` for an id that is not of this app. */
  async one(appId: string, id: string, query: OutcomesQuery = {}): Promise<MessageView> {
    const message = isUuid(id) ? await findMessage(this.#database, appId, id) : undefined;
    const [view] = message === undefined ? [] : await this.#present([message]);
    if (view === undefined) throw new ApiError('message-not-found');
    return asksForOutcomes(query)
      ? { ...view, outcomes: [...(await this.#outcomesOf(appId, view.id, query))] }
      : view;
  }

  async page(appId: string, options: PageOptions): Promise<MessageList> {
    const { messages, total } = await findMessagePage(this.#database, appId, options);
    const { limit, offset } = options;
    return { total_count: total, offset, limit, notifications: await this.#present(messages) };
  }

  /**
   * One page in the order in which messages are, or were, due, behind a time or a token of an earlier page.
   * After the last one the token stays as it is, and leads to what has come since. Throws ApiError
   * `message-field`.
   */
  async pageSince(
    appId: string,
    timeOffset: string,
    options: { readonly limit: number; readonly templateId: string | null },
  ): Promise<MessageList> {
    const behind = readTimeOffset(timeOffset);
    const { messages, total } = await findMessagesDue(this.#database, appId, behind, options);
    const last = messages.at(-1);
    return {
      total_count: total,
      offset: 0,
      limit: options.limit,
      time_offset: timeOffset,
      next_time_offset: writeTimeOffset(
        last === undefined ? behind : { at: last.sendAfter.getTime(), id: last.id },
      ),
      notifications: await this.#present(messages),
    };
  }

  async #present(messages: readonly StoredMessage[]): Promise<MessageView[]> {
    if (messages.length === 0) return [];
    const ids = messages.map((message) => message.id);
    const pushes = messages.filter(({ channel }) => channel === 'push').map(({ id }) => id);
    // Of one moment: a page that is closed in between would be in some of the counts and not in others.
    const { progress, events, platforms } = await this.#database.snapshot(async (snapshot) => ({
      progress: await findProgress(snapshot, ids),
      events: await countEvents(snapshot, ids),
      platforms: await countByPlatform(snapshot, pushes),
    }));
    return messages.map((message) =>
      presentMessage(
        message,
        progress.get(message.id),
        events.filter((event) => event.messageId === message.id),
        platforms.filter((platform) => platform.messageId === message.id),
      ),
    );
  }
}

/** Clients send an empty list where they mean none. */
function asksForOutcomes(query: OutcomesQuery): boolean {
  return [query.outcome_names, query['outcome_names[]']].some((names) => (names ?? '').length > 0);
}
