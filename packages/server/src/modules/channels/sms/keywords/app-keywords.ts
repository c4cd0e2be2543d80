import type { Clock } from '../../../../platform/clock.ts';
import type { Database } from '../../../../platform/database/database.ts';
import { ShortMemory } from '../../../../platform/short-memory.ts';
import { recordChange, recordUpdate } from '../../../accounts/index.ts';
import type { Author } from '../../../accounts/index.ts';
import { findKeywords, putKeywords, removeKeywords } from './keyword-store.ts';
import type { KeywordRow } from './keyword-store.ts';
import type { KeywordSettings } from './keywords.ts';
import { NO_KEYWORDS, keywordsFor } from './own-keywords.ts';
import type { OwnKeywords } from './own-keywords.ts';

/** So long another process may go on with words that were changed here. */
const REMEMBERED = { lifeMs: 1_000, most: 10_000 };

/** Which words each app takes, and what it answers. */
export class AppKeywords {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #remembered: ShortMemory<{ readonly own: OwnKeywords }>;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
    this.#remembered = new ShortMemory(clock, REMEMBERED, async (appId) => ({
      own: (await findKeywords(database, appId))?.settings ?? NO_KEYWORDS,
    }));
  }

  /** What counts for a text to `sender`, one of the app's numbers. */
  async of(appId: string, sender: string): Promise<KeywordSettings> {
    return keywordsFor((await this.#remembered.get(appId))?.own ?? NO_KEYWORDS, sender);
  }

  /** Whether another of the app's numbers writes to whoever has opted out of the one that would. */
  async usesOtherSenders(appId: string): Promise<boolean> {
    return (await this.#remembered.get(appId))?.own.useOtherSenders ?? false;
  }

  /** What the app has set; null when it has set nothing. */
  view(appId: string): Promise<KeywordRow | null> {
    return findKeywords(this.#database, appId);
  }

  async set(appId: string, settings: OwnKeywords, author: Author): Promise<KeywordRow> {
    const now = this.#clock.now();
    const row = { settings, updatedAt: new Date(now) };
    await this.#database.transaction(async (transaction) => {
      const before = (await findKeywords(transaction, appId))?.settings ?? {};
      await putKeywords(transaction, appId, row);
      await recordUpdate(transaction, now, author, {
        action: 'sms_keywords.updated',
        appId,
        target: { type: 'sms_keywords', id: appId },
        before: { ...before },
        after: { ...settings },
      });
    });
    this.#remembered.forget(appId);
    return row;
  }

  /** As for every app again. */
  async remove(appId: string, author: Author): Promise<void> {
    await this.#database.transaction(async (transaction) => {
      if (!(await removeKeywords(transaction, appId))) return;
      await recordChange(transaction, this.#clock.now(), author, {
        action: 'sms_keywords.deleted',
        appId,
        target: { type: 'sms_keywords', id: appId },
      });
    });
    this.#remembered.forget(appId);
  }
}
