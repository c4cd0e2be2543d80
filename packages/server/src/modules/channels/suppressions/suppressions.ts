import type { Clock } from '../../../platform/clock.ts';
import { Coalescer } from '../../../platform/database/coalescer.ts';
import type { Database, Queryable } from '../../../platform/database/database.ts';
import { retryTransient } from '../../../platform/database/retry.ts';
import { ShortMemory } from '../../../platform/short-memory.ts';
import { makeStorable } from '../../../platform/http/storable-text.ts';
import { recordChange } from '../../accounts/index.ts';
import type { Author } from '../../accounts/index.ts';
import { suppressedForm } from './suppression.ts';
import type { Suppression, SuppressionReason } from './suppression.ts';
import {
  addSuppressions,
  findSuppression,
  findSuppressions,
  hasSuppressions,
  removeSuppressions,
  suppressionsAfter,
} from './suppression-store.ts';
import type { AppAddress, ListedSuppression } from './suppression-store.ts';

/** Addresses in one statement, at most, while many messages are on their way. */
const ADDRESSES_A_STATEMENT = 2_000;
const IN_FLIGHT = 2;
/** Whether apps have a list at all: most begin without one, and a broadcast would ask for every page. */
const LISTS = { lifeMs: 1_000, most: 10_000 };

const NONE: ReadonlyMap<string, SuppressionReason> = new Map();

/** What somebody asks to be put on the list. */
export interface AskedSuppression {
  readonly address: string;
  readonly reason: SuppressionReason;
}

/** The addresses that apps send no email to. */
export class Suppressions {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #find: Coalescer<readonly AppAddress[], ReadonlyMap<string, SuppressionReason>>;

  readonly #lists: ShortMemory<{ readonly hasAny: boolean }>;

  constructor({ database, clock }: { readonly database: Database; readonly clock: Clock }) {
    this.#database = database;
    this.#clock = clock;
    this.#lists = new ShortMemory(clock, LISTS, async (appId) => ({
      hasAny: await retryTransient(() => hasSuppressions(database, appId)),
    }));
    this.#find = new Coalescer({
      inFlight: IN_FLIGHT,
      largest: ADDRESSES_A_STATEMENT,
      weight: (asked) => asked.length,
      flush: (groups) => this.#findAll(groups),
    });
  }

  /**
   * Why each of these addresses gets nothing; those that do are not in it. Pages on their way share statements. What
   * another process puts on a list that was empty counts a second later.
   */
  async of(appId: string, addresses: readonly string[]): Promise<ReadonlyMap<string, SuppressionReason>> {
    if ((await this.#lists.get(appId))?.hasAny !== true) return NONE;
    return this.#find.submit(addresses.map((address) => ({ appId, address: suppressedForm(address) })));
  }

  /** Puts addresses on the list that reports have told of. */
  async learn(told: readonly (AppAddress & Omit<Suppression, 'source'>)[]): Promise<void> {
    if (told.length === 0) return;
    const rows = told.map(({ appId, address, reason, detail }) => ({
      appId,
      address: suppressedForm(address),
      reason,
      source: 'provider' as const,
      detail: detail === null ? null : makeStorable(detail),
    }));
    await retryTransient(() => addSuppressions(this.#database, rows, this.#clock.now()));
    for (const { appId } of rows) this.#lists.forget(appId);
  }

  /** How many are new; the others keep the reason that they have. */
  async add(appId: string, asked: readonly AskedSuppression[], author: Author): Promise<number> {
    const now = this.#clock.now();
    const count = await this.#database.transaction(async (transaction) => {
      const rows = asked.map(({ address, reason }) => ({
        appId,
        address: suppressedForm(address),
        reason,
        source: 'api' as const,
        detail: null,
      }));
      const added = await addSuppressions(transaction, rows, now);
      if (added === 0) return 0;
      // Without the addresses: the log is kept longer than a person's data may be.
      await recordChange(transaction, now, author, {
        action: 'suppression.created',
        appId,
        target: { type: 'suppression', id: appId },
        metadata: { added },
      });
      return added;
    });
    this.#lists.forget(appId);
    return count;
  }

  /** Changes the list of an app as part of a transaction, for somebody who has recorded that in his own words. */
  async change(
    transaction: Queryable,
    appId: string,
    { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
  ): Promise<void> {
    const rows = add.map((address) => ({
      appId,
      address: suppressedForm(address),
      reason: 'manual' as const,
      source: 'api' as const,
      detail: null,
    }));
    if (rows.length > 0) await addSuppressions(transaction, rows, this.#clock.now());
    if (remove.length > 0) await removeSuppressions(transaction, appId, remove.map(suppressedForm));
    this.#lists.forget(appId);
  }

  /** Whether it was there. */
  remove(appId: string, address: string, author: Author): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      if ((await removeSuppressions(transaction, appId, [suppressedForm(address)])) === 0) return false;
      await recordChange(transaction, this.#clock.now(), author, {
        action: 'suppression.deleted',
        appId,
        target: { type: 'suppression', id: appId },
      });
      return true;
    });
  }

  /** The next of an app's addresses behind `after` (empty: from the first), in the order of the addresses. */
  page(appId: string, after: string, limit: number): Promise<ListedSuppression[]> {
    return suppressionsAfter(this.#database, appId, after, limit);
  }

  /** Null when mails go to it. */
  view(appId: string, address: string): Promise<ListedSuppression | null> {
    return findSuppression(this.#database, { appId, address: suppressedForm(address) });
  }

  async #findAll(
    groups: readonly (readonly AppAddress[])[],
  ): Promise<ReadonlyMap<string, SuppressionReason>[]> {
    const found = groups.map(() => new Map<string, SuppressionReason>());
    const groupOf = groups.flatMap((asked, index) => asked.map(() => index));
    const rows = await retryTransient(() => findSuppressions(this.#database, groups.flat()));
    for (const { n, address, reason } of rows) found[groupOf[n] ?? -1]?.set(address, reason);
    return found;
  }
}
