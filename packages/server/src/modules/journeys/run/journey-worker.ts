import type { Queryable } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import { newIdInLane } from '../../../platform/ids.ts';
import { EVENT_KIND } from '../../events/index.ts';
import type { InboxEvent } from '../../events/index.ts';
import type { Identity } from '../../identity/index.ts';
import { readInbox } from '../../lanes/index.ts';
import type { BatchResult, InboxRow, LaneWorker, OwnedLanes } from '../../lanes/index.ts';
import type { Journey } from '../definition/definition.ts';
import type { JourneyBook } from '../definition/journey-book.ts';
import type { CurrentContents } from './gather-send-facts.ts';
import { gatherSendFacts } from './gather-send-facts.ts';
import type { PendingStep, SendFacts } from './resolve-sends.ts';
import { resolveSends } from './resolve-sends.ts';
import type { DueRun, MovedRun, Written } from './run-store.ts';
import { readDueRuns, readNextDue, writeEntries, writeSteps } from './run-store.ts';
import type { RunContext } from './step.ts';
import { step } from './step.ts';

/** Rows of a batch: large enough to make the statement's own cost small, small enough to commit often. */
const BATCH = 2_000;

export interface JourneyWorkerOptions {
  /** Made by `openLaneDatabase`. */
  readonly database: Queryable;
  readonly book: JourneyBook;
  readonly identity: Pick<Identity, 'subscriptionsOf'>;
  readonly contents: CurrentContents;
  readonly partitions: Partitions;
  /** Called after a commit that made messages. */
  readonly wakeSenders: () => void;
}

/** Lets users into journeys when their events come, and moves them on when their time has come. */
export class JourneyWorker implements LaneWorker {
  readonly name = 'journeys';
  readonly #options: JourneyWorkerOptions;

  constructor(options: JourneyWorkerOptions) {
    this.#options = options;
  }

  async work(owned: OwnedLanes, now: number): Promise<BatchResult> {
    const { database, book, partitions } = this.#options;
    const [events, runs] = await Promise.all([
      readInbox<InboxEvent>(database, owned, [EVENT_KIND], BATCH),
      readDueRuns(database, owned, now, BATCH),
    ]);
    if (events.length + runs.length === 0) {
      return { done: 0, nextDueAt: await readNextDue(database, owned) };
    }
    // After the reads: a journey that went live before one of these events was stored must be known.
    await book.refresh();
    await partitions.need(now);
    const entered = events.length === 0 || (await this.#enter(owned, events, now)).open;
    const fired = runs.length === 0 || (await this.#fire(owned, runs, now)).open;
    return {
      done: (entered ? events.length : 0) + (fired ? runs.length : 0),
      more: events.length === BATCH || runs.length === BATCH,
      refused: !entered || !fired,
      nextDueAt: null,
    };
  }

  /** The events are in the order of their ids, and so are the runs that they start. */
  async #enter(owned: OwnedLanes, events: readonly InboxRow<InboxEvent>[], now: number): Promise<Written> {
    const entries: { inboxId: number; step: PendingStep; journey: Journey; context: RunContext }[] = [];
    for (const { id: inboxId, lane, userId, appId, payload, at } of events) {
      for (const journey of this.#options.book.startedBy(appId, payload.name)) {
        const moved = step(journey.definition, { kind: 'enter' }, now);
        entries.push({
          inboxId,
          step: { user: { lane, userId }, runId: newIdInLane(lane), seenRev: 0, journey, ...moved },
          journey,
          context: { events: [{ ...payload, timestamp: at.toISOString() }] },
        });
      }
    }
    const facts = await this.#factsFor(entries.map((entry) => entry.step));
    const runs = entries.map(({ inboxId, step, journey, context }) => ({
      inbox_id: inboxId,
      app_id: journey.appId,
      journey_id: journey.id,
      user_id: step.user.userId,
      context,
      ...resolveSends(step, facts, now),
    }));
    const written = await writeEntries(this.#options.database, owned, events, runs, now);
    this.#wakeSenders(written, runs);
    return written;
  }

  async #fire(owned: OwnedLanes, due: readonly DueRun[], now: number): Promise<Written> {
    const steps = due.map(({ lane, userId, id, journeyId, node, rev, wakeAt }): PendingStep => {
      const journey = this.#options.book.active(journeyId) ?? null;
      const run = { node, rev, wakeAt: wakeAt.getTime() };
      const moved = step(journey?.definition ?? null, { kind: 'timer', run }, now);
      return { user: { lane, userId }, runId: id, seenRev: rev, journey, ...moved };
    });
    const facts = await this.#factsFor(steps);
    const runs = steps.map((step) => resolveSends(step, facts, now));
    const written = await writeSteps(this.#options.database, owned, runs, now);
    this.#wakeSenders(written, runs);
    return written;
  }

  #factsFor(steps: readonly PendingStep[]): Promise<SendFacts> {
    return gatherSendFacts(steps, this.#options.identity, this.#options.contents);
  }

  #wakeSenders(written: Written, runs: readonly MovedRun[]): void {
    if (written.open && runs.some((run) => run.sends !== null)) this.#options.wakeSenders();
  }
}
