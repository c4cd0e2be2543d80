import type { Database, Queryable } from '../../../platform/database/database.ts';
import type { Partitions } from '../../../platform/database/partitions.ts';
import type { Identity, UserPlace } from '../../identity/index.ts';
import { readInbox } from '../../lanes/index.ts';
import type { BatchResult, LaneWorker, OwnedLanes } from '../../lanes/index.ts';
import type { JourneyBook } from '../definition/journey-book.ts';
import { factsAskedBy } from './ask-facts.ts';
import { AwaitedSegments } from './awaited-segments.ts';
import type { EndAwaiting } from './awaited-segments.ts';
import type { Work } from './ask-facts.ts';
import { Batch } from './batch.ts';
import type { BatchRows } from './batch-rows.ts';
import { readDueEntries, readEntriesOf } from './entry-store.ts';
import type { FactSources } from './fact-sources.ts';
import { gatherFacts } from './gather-facts.ts';
import { JOURNEY_KINDS, inputOf } from './inbox-inputs.ts';
import type { JourneyInboxRow, RowInput } from './inbox-inputs.ts';
import { JourneyIndex } from './journey-index.ts';
import { Launcher } from './launcher.ts';
import type { FinishLaunch } from './launcher.ts';
import { readDueRuns, readNextDue, readRunsOf } from './run-store.ts';
import { Sweeper } from './sweeper.ts';
import { writeWithTags } from './write-with-tags.ts';

/** Rows of a batch: large enough to make the statement's own cost small, small enough to commit often. */
const BATCH = 2_000;

export interface JourneyWorkerOptions {
  /** Made by `openLaneDatabase`. */
  readonly database: Queryable & Pick<Database, 'transaction'>;
  readonly book: JourneyBook;
  readonly identity: Pick<Identity, 'tagUsers'>;
  readonly facts: FactSources;
  readonly partitions: Partitions;
  /** Makes a journey active when everybody who is in its segments has been let in. */
  readonly finishLaunch: FinishLaunch;
  /** Lets a journey go on when it is known who is in its segments. */
  readonly endAwaiting: EndAwaiting;
  /** Called after a commit that made messages. */
  readonly wakeSenders: () => void;
  /** Called after a commit that made calls of webhooks. */
  readonly wakeCallers: () => void;
  /** Called after a commit that told the feed who came in or left. */
  readonly wakeReaders: () => void;
}

/** Lets users into journeys, and moves them on by what happens and when their time has come. */
export class JourneyWorker implements LaneWorker {
  readonly name = 'journeys';
  readonly #options: JourneyWorkerOptions;
  readonly #sweeper: Sweeper;
  readonly #awaited: AwaitedSegments;
  readonly #launcher: Launcher;
  #index = new JourneyIndex([]);
  #indexed: unknown;

  constructor(options: JourneyWorkerOptions) {
    this.#options = options;
    this.#sweeper = new Sweeper(options.database);
    this.#awaited = new AwaitedSegments(options.facts.memberships, options.endAwaiting);
    this.#launcher = new Launcher(options.database, options.facts.memberships, options.finishLaunch);
  }

  async work(owned: OwnedLanes, now: number): Promise<BatchResult> {
    const { database, book, partitions } = this.#options;
    const [rows, due, entries] = await Promise.all([
      readInbox<JourneyInboxRow['payload']>(database, owned, JOURNEY_KINDS, BATCH),
      readDueRuns(database, owned, now, BATCH),
      readDueEntries(database, owned, now, BATCH),
    ]);
    // After the reads: a journey that went live before one of these events was stored must be known.
    await book.refresh();
    if (await this.#awaited.look(this.#indexOf())) await book.refresh();
    const index = this.#indexOf();
    const swept = await this.#sweeper.sweep(owned, book, index, BATCH);
    const launched = await this.#launcher.next(owned, book, index);
    const read = rows.length + due.length + entries.length + swept.runs.length;
    if (read === 0 && launched === null) {
      return { done: 0, nextDueAt: await readNextDue(database, owned), more: swept.more };
    }
    await partitions.need(now);

    const batch = new Batch(index, now);
    const inputs = rows.flatMap((row) => inputOf(row, index) ?? []);
    await this.#readUsers(batch, inputs, index);
    batch.add([...due, ...swept.runs], entries);
    const runs = [...due, ...swept.runs].map(({ id }) => id);
    await this.#learn(batch, { inputs, runs, entries }, index);
    const deferred = new Set(inputs.flatMap((input) => (batch.take(input) ? [] : [input.row.id])));
    batch.done(rows.filter(({ id }) => !deferred.has(id)));
    for (const { id } of due) batch.wake(id);
    for (const { id } of swept.runs) batch.disturb(id);
    for (const entry of entries) batch.wakeEntry(entry);
    const isOpen = read === 0 || (await this.#write(owned, batch, now));
    const isLaunched = launched === null || (await this.#launch(owned, launched, index, now));

    return {
      done: (isOpen ? read - deferred.size : 0) + (isLaunched ? (launched?.users.length ?? 0) : 0),
      more:
        isOpen &&
        (Math.max(rows.length, due.length, entries.length) === BATCH ||
          deferred.size > 0 ||
          swept.more ||
          launched !== null),
      refused: !isOpen || !isLaunched,
      nextDueAt: null,
    };
  }

  /** Made anew when the book has changed. */
  #indexOf(): JourneyIndex {
    const { journeys } = this.#options.book;
    if (this.#indexed !== journeys) this.#index = new JourneyIndex(journeys);
    this.#indexed = journeys;
    return this.#index;
  }

  /** The runs and entries of users to whom something happened that may move them. */
  async #readUsers(batch: Batch, inputs: readonly RowInput[], index: JourneyIndex): Promise<void> {
    const { database } = this.#options;
    const inside = new Map<string, UserPlace>();
    const members = new Map<string, UserPlace>();
    for (const { row, input } of inputs) {
      const { lane, userId, appId } = row;
      if (input.kind !== 'event' || index.listensTo(appId, input.event.name))
        inside.set(userId, { lane, userId });
      if (input.kind === 'segments') members.set(userId, { lane, userId });
    }
    const [runs, entries] = await Promise.all([
      inside.size === 0 ? [] : readRunsOf(database, [...inside.values()]),
      members.size === 0 ? [] : readEntriesOf(database, [...members.values()]),
    ]);
    batch.add(runs, entries);
  }

  async #learn(batch: Batch, work: Work, index: JourneyIndex): Promise<void> {
    batch.know(await gatherFacts(factsAskedBy(batch, work, index), this.#options.facts));
  }

  async #launch(
    owned: OwnedLanes,
    launched: NonNullable<Awaited<ReturnType<Launcher['next']>>>,
    index: JourneyIndex,
    now: number,
  ): Promise<boolean> {
    const { database } = this.#options;
    const { live, users, bars } = launched;
    const batch = new Batch(index, now);
    batch.add([], users.length === 0 ? [] : await readEntriesOf(database, users));
    const entries = users.map((user) => ({
      ...user,
      journeyId: live.journey.id,
      appId: live.journey.appId,
      inside: false,
      barred: false,
      againAt: null,
      wakeAt: null,
    }));
    await this.#learn(batch, { inputs: [], runs: [], entries }, index);
    for (const user of users) {
      if (bars) batch.bar(live, user);
      else batch.launch(live, user);
    }
    if (users.length > 0 && !(await this.#write(owned, batch, now))) return false;
    // Behind the page: whoever is looked at again has an entry.
    return this.#launcher.advance(owned, launched);
  }

  /** False when the lanes have another owner now. */
  async #write(owned: OwnedLanes, batch: Batch, now: number): Promise<boolean> {
    const { database, identity, wakeSenders, wakeCallers, wakeReaders } = this.#options;
    const rows: BatchRows = batch.rows();
    const { open, isTold } = await writeWithTags(database, identity, owned, rows, batch.tags(), now);
    if (open && rows.runs.some(({ sends }) => sends !== null)) wakeSenders();
    if (open && rows.runs.some(({ calls }) => calls !== null)) wakeCallers();
    if (isTold) wakeReaders();
    return open;
  }
}
