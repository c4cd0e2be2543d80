import type { Clock } from '../../../../platform/clock.ts';
import type { Database } from '../../../../platform/database/database.ts';
import { retryTransient } from '../../../../platform/database/retry.ts';
import { ShortMemory } from '../../../../platform/short-memory.ts';
import { recordChange } from '../../../accounts/index.ts';
import type { Author } from '../../../accounts/index.ts';
import type { AppKeywords } from '../keywords/app-keywords.ts';
import { bare } from '../keywords/own-keywords.ts';
import { judgeSenders } from './judge-senders.ts';
import type { SenderVerdict } from './judge-senders.ts';
import { addOptOuts, findOptOuts, hasOptOuts, optOutsAfter, removeOptOuts } from './opt-out-store.ts';
import type { ListedOptOut, OptOut } from './opt-out-store.ts';

/** Whether apps have any: most have none, and a broadcast would ask for every page. */
const LISTS = { lifeMs: 1_000, most: 10_000 };
const NONE: ReadonlyMap<string, SenderVerdict> = new Map();

export interface OptOutsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly keywords: Pick<AppKeywords, 'usesOtherSenders'>;
}

/** Who gets no texts from which of an app's numbers, while others of them still write. */
export class OptOuts {
  readonly #options: OptOutsOptions;
  readonly #lists: ShortMemory<{ readonly hasAny: boolean }>;

  constructor(options: OptOutsOptions) {
    const { database, clock } = options;
    this.#options = options;
    this.#lists = new ShortMemory(clock, LISTS, async (appId) => ({
      hasAny: await retryTransient(() => hasOptOuts(database, appId)),
    }));
  }

  /**
   * What opt-outs leave of the senders that a message may go from, by the numbers it is for; those whom every sender may
   * write to are absent. What another process adds to a list that was empty counts a second later.
   */
  async judge(
    appId: string,
    senders: readonly (string | null)[],
    numbers: readonly string[],
  ): Promise<ReadonlyMap<string, SenderVerdict>> {
    if (numbers.length === 0 || (await this.#lists.get(appId))?.hasAny !== true) return NONE;
    const { database, keywords } = this.#options;
    const rows = await retryTransient(() => findOptOuts(database, appId, numbers.map(bare)));
    if (rows.length === 0) return NONE;
    const optedOut = new Map<string, Set<string>>();
    for (const { number, sender } of rows) {
      optedOut.set(number, (optedOut.get(number) ?? new Set()).add(sender));
    }
    const changes = await keywords.usesOtherSenders(appId);
    const verdicts = numbers.flatMap((number) => {
      const verdict = judgeSenders(senders, optedOut.get(bare(number)) ?? new Set(), changes);
      return verdict === null ? [] : [[number, verdict] as const];
    });
    return new Map(verdicts);
  }

  /** A person has texted STOP to a number of the app, and means that number. */
  async stop(appId: string, number: string, sender: string): Promise<void> {
    const { database, clock } = this.#options;
    const row = { number: bare(number), sender: bare(sender) };
    await retryTransient(() => addOptOuts(database, appId, [row], { source: 'keyword', now: clock.now() }));
    this.#lists.forget(appId);
  }

  /** A person has texted START: to one number, or for all of the app's. Whether they had opted out of any. */
  async start(appId: string, number: string, sender: string | null): Promise<boolean> {
    const { database } = this.#options;
    const from = sender === null ? null : bare(sender);
    return (await retryTransient(() => removeOptOuts(database, appId, bare(number), from))) > 0;
  }

  /** How many are new. */
  async add(appId: string, asked: readonly OptOut[], author: Author): Promise<number> {
    const { database, clock } = this.#options;
    const now = clock.now();
    const rows = asked.map(({ number, sender }) => ({ number: bare(number), sender: bare(sender) }));
    const count = await database.transaction(async (transaction) => {
      const added = await addOptOuts(transaction, appId, rows, { source: 'api', now });
      if (added === 0) return 0;
      // Without the numbers: the log is kept longer than a person's data may be.
      await recordChange(transaction, now, author, {
        action: 'sms_opt_out.created',
        appId,
        target: { type: 'sms_opt_out', id: appId },
        metadata: { added },
      });
      return added;
    });
    this.#lists.forget(appId);
    return count;
  }

  /** Whether it was there. */
  remove(appId: string, { number, sender }: OptOut, author: Author): Promise<boolean> {
    const { database, clock } = this.#options;
    return database.transaction(async (transaction) => {
      if ((await removeOptOuts(transaction, appId, bare(number), bare(sender))) === 0) return false;
      await recordChange(transaction, clock.now(), author, {
        action: 'sms_opt_out.deleted',
        appId,
        target: { type: 'sms_opt_out', id: appId },
      });
      return true;
    });
  }

  /** The next ones behind `after`; of one number, or of all where it is null. */
  page(
    appId: string,
    after: OptOut,
    { number, limit }: { readonly number: string | null; readonly limit: number },
  ): Promise<ListedOptOut[]> {
    const only = number === null ? null : bare(number);
    return optOutsAfter(this.#options.database, appId, after, { number: only, limit });
  }
}
