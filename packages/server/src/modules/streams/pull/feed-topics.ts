import type { FeedTopicsAnswer } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import { recordUpdate } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { FEED_TOPICS, topicsWanted, wantTopics } from '../../feed/index.ts';
import type { FeedTopic } from '../../feed/index.ts';
import { lockStreams } from '../event-streams/stream-store.ts';

/** The wisher that stands for the app itself. */
const APP = 'app';

/** What an app's feed tells beside what becomes of messages. */
export class FeedTopics {
  readonly #options: { readonly database: Database; readonly clock: Clock };

  constructor(options: { readonly database: Database; readonly clock: Clock }) {
    this.#options = options;
  }

  /** What the app has set, and all that is told: what its event streams ask for is told too. */
  async view(appId: string): Promise<FeedTopicsAnswer> {
    const wishes = await topicsWanted(this.#options.database, appId);
    const set = wishes.filter(({ wisher }) => wisher === APP).map(({ topic }) => topic);
    const told = FEED_TOPICS.filter((topic) => wishes.some((wish) => wish.topic === topic));
    return { topics: set, told };
  }

  /** In the place of what was set before. What happens from now on is told. */
  async set(appId: string, topics: readonly FeedTopic[], author: Author): Promise<FeedTopicsAnswer> {
    const { database, clock } = this.#options;
    const { topics: before } = await this.view(appId);
    await database.transaction(async (transaction) => {
      await lockStreams(transaction, appId);
      await wantTopics(transaction, appId, APP, topics);
      await recordUpdate(transaction, clock.now(), author, {
        action: 'feed_topics.updated',
        appId,
        target: { type: 'feed_topics', id: appId },
        before: { topics: before },
        after: { topics },
      });
    });
    return this.view(appId);
  }
}
