import type { AbTestPage, AbTestView, CreateAbTestAnswer, CreateAbTestBody } from '@carillon/wire';
import { ApiError } from '../../../platform/http/api-error.ts';
import { decodeCursor, encodeCursor } from '../../../platform/http/page-cursor.ts';
import { isUuid, newTimedId } from '../../../platform/ids.ts';
import type { ChangeSource } from '../../identity/index.ts';
import type { Created } from '../create/idempotency.ts';
import { segmentNamesIn } from '../create/parse-audience.ts';
import type { FindSegments } from '../create/parse-audience.ts';
import { cancelOnce } from '../message-store.ts';
import { wrong } from '../wrong-field.ts';
import type { AbTest } from './ab-test.ts';
import { findAbTest, findAbTests, markCancelled } from './ab-test-store.ts';
import { createAbTest } from './create-ab-test.ts';
import type { CreateAbTestOptions } from './create-ab-test.ts';
import { decideFor } from './decide-ab-test.ts';
import { fatesOf } from './fates-of.ts';
import type { Fate, OutcomeOfMessages } from './fates-of.ts';
import { parseAbTest } from './parse-ab-test.ts';
import { presentAbTest } from './present-ab-test.ts';

export interface AbTestsOptions extends CreateAbTestOptions {
  readonly savedSegments: FindSegments;
  readonly wakeSenders: () => void;
  readonly outcomeOfMessages: OutcomeOfMessages;
  /** Tells deciders that there is a test. */
  readonly wakeDeciders: () => void;
}

const LIST = 'ab_tests';

/** The A/B tests of all apps. */
export class AbTests {
  readonly #options: AbTestsOptions;

  constructor(options: AbTestsOptions) {
    this.#options = options;
  }

  /** Throws ApiError for a request that will not do. */
  async create(
    appId: string,
    body: CreateAbTestBody,
    source?: ChangeSource,
  ): Promise<Created<CreateAbTestAnswer>> {
    const { clock, wakeSenders, wakeDeciders } = this.#options;
    const id = newTimedId(clock.now());
    const saved = await this.#options.savedSegments(appId, segmentNamesIn(body.message));
    const draft = parseAbTest({ appId, id, saved, ...(source !== undefined && { source }) }, body);
    const created = await createAbTest(this.#options, draft);
    if (!created.replayed) {
      wakeSenders();
      wakeDeciders();
    }
    return created;
  }

  /** Throws ApiError `ab-test-not-found`. */
  async view(appId: string, id: string): Promise<AbTestView> {
    const [view] = await this.#present(appId, [await this.#find(appId, id)]);
    if (view === undefined) throw new ApiError('ab-test-not-found', { params: { id } });
    return view;
  }

  /** Newest first. Throws ApiError `cursor-invalid`. */
  async page(appId: string, cursor: string | undefined, limit: number): Promise<AbTestPage> {
    const list = [LIST, appId];
    const [after] = cursor === undefined ? [null] : decodeCursor(list, cursor, ['uuid']);
    const found = await findAbTests(this.#options.database, appId, after, limit + 1);
    const tests = found.slice(0, limit);
    const last = tests.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      ab_tests: await this.#present(appId, tests),
      has_more: more,
      ...(more && { next_cursor: encodeCursor(list, [last.id]) }),
    };
  }

  /**
   * Sends a variant to the rest, whatever was counted; the same one may be said twice. Throws ApiError
   * `ab-test-not-found`, `ab-test-decided`, `ab-test-cancelled`, `message-field`.
   */
  async choose(appId: string, id: string, name: string): Promise<AbTestView> {
    const test = await this.#find(appId, id);
    const names = test.variants.map((variant) => variant.name);
    if (!names.includes(name)) {
      throw wrong('variant', `must be one of ${names.join(', ')}; "${name.slice(0, 60)}" is not`);
    }
    await decideFor(this.#options, test, { name, reason: 'hand' });
    // Whoever was first: what counts is what stands there now.
    const { state, winner } = await this.#find(appId, id);
    if (state === 'cancelled') throw new ApiError('ab-test-cancelled');
    if (winner !== name) throw new ApiError('ab-test-decided', { params: { winner: winner ?? '' } });
    return this.view(appId, id);
  }

  /**
   * Cancels whatever is not sent yet: variants, the decision, and the rest. Throws ApiError `ab-test-not-found`,
   * `ab-test-cancelled`, `ab-test-over`.
   */
  async cancel(appId: string, id: string): Promise<void> {
    const { database, clock, wakeSenders } = this.#options;
    await this.#find(appId, id);
    await database.transaction(async (transaction) => {
      const now = clock.now();
      // The row is locked from here on, so a decision is either in it or never comes.
      const test = await markCancelled(transaction, appId, id, now);
      if (test === undefined) throw new ApiError('ab-test-cancelled');
      let cancelled = 0;
      for (const messageId of messagesOf(test)) {
        if ((await cancelOnce(transaction, appId, messageId, now)) === 'cancelled') cancelled += 1;
      }
      // A test that waits for its winner still has the rest to come.
      if (test.decidedAt !== null && cancelled === 0) throw new ApiError('ab-test-over');
    });
    wakeSenders();
  }

  async #find(appId: string, id: string): Promise<AbTest> {
    const test = isUuid(id) ? await findAbTest(this.#options.database, appId, id) : undefined;
    if (test === undefined) throw new ApiError('ab-test-not-found', { params: { id: id.slice(0, 60) } });
    return test;
  }

  async #present(appId: string, tests: readonly AbTest[]): Promise<AbTestView[]> {
    const ids = tests.flatMap(messagesOf);
    const outcomes = await this.#outcomesOf(appId, tests);
    const fates = await this.#options.database.snapshot((snapshot) =>
      fatesOf(snapshot, appId, ids, outcomes),
    );
    return tests.map((test) => presentAbTest(test, fates));
  }

  /** Of messages by their ids: each is of one test, which looks at one outcome. */
  async #outcomesOf(appId: string, tests: readonly AbTest[]): Promise<ReadonlyMap<string, Fate['outcome']>> {
    const { outcomeOfMessages } = this.#options;
    const found = await Promise.all(
      tests.map(async (test) =>
        test.winnerOutcome === null
          ? []
          : [...(await outcomeOfMessages(appId, test.winnerOutcome, messagesOf(test)))],
      ),
    );
    return new Map(found.flat());
  }
}

function messagesOf({ variants, restMessageId }: AbTest): string[] {
  return [...variants.map(({ messageId }) => messageId), ...(restMessageId === null ? [] : [restMessageId])];
}
