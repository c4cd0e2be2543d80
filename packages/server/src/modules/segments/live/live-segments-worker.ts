import type { Queryable } from '../../../platform/database/database.ts';
import { readFactsOfUsers } from '../../audience/index.ts';
import type { AudienceSources, Facts } from '../../audience/index.ts';
import { readChangedUsers } from '../../identity/index.ts';
import type { ChangedUser } from '../../identity/index.ts';
import type { BatchResult, LaneWorker, OwnedLanes } from '../../lanes/index.ts';
import { appOfBatch } from './app-of-batch.ts';
import type { LiveBook, LiveView } from './live-book.ts';
import { settleSegments } from './settle-store.ts';
import { readDueUsers, readKept, readNextFlip, writeLookedAt } from './state-store.ts';
import type { Kept, LookedAt, UserOfApp } from './state-store.ts';
import { tellStanding } from './tell-standing.ts';
import { nextPages } from './walk-users.ts';

/** As for runs of journeys: the statement's own cost is small, and a commit comes often. */
const BATCH = 2_000;
/** Of a batch so many users are read at once: the next are read while these are looked at, and memory holds few. */
const PART = 500;
/** Where something is watched, changes are looked for so often, in milliseconds. */
const LOOK_AGAIN_MS = 250;
/** Its owner looks after what is watched, so that not all do. */
const SETTLING_LANE = 0;

export interface LiveSegmentsWorkerOptions {
  /** Made by `openLaneDatabase`. */
  readonly database: Queryable;
  readonly book: LiveBook;
  readonly messageEvents: AudienceSources['messageEvents'];
  /** Called when walks through all lanes begin, and when one has ended: the owners of others wait for it. */
  readonly wakeLanes: () => void;
}

/**
 * Keeps who is in live segments. It looks at users who have changed, at those for whom time has changed something, and
 * at everybody where a segment is new, has other filters or is watched no more; and puts rows into the inbox that
 * say who came and went (`SEGMENT_KIND`), and who became active (`SESSION_KIND`). A user who is deleted is told nothing.
 */
export class LiveSegmentsWorker implements LaneWorker {
  readonly name = 'live segments';
  readonly #options: LiveSegmentsWorkerOptions;

  constructor(options: LiveSegmentsWorkerOptions) {
    this.#options = options;
  }

  async work(owned: OwnedLanes, now: number): Promise<BatchResult> {
    const { database, book, wakeLanes } = this.#options;
    const lanes = [...owned.lanes.keys()];
    const view = await book.view(lanes);
    const moved = view.isUnsettled && owned.lanes.has(SETTLING_LANE) ? await settleSegments(database) : false;
    const [changes, due] = await Promise.all([
      readChangedUsers(database, lanes, BATCH),
      readDueUsers(database, lanes, now, BATCH),
    ]);
    const room = BATCH - changes.length - due.length;
    const pages = room > 0 ? await nextPages(database, view.walks, room) : { users: [], walks: [] };
    if (moved) wakeLanes();
    if (changes.length + due.length + pages.walks.length === 0) {
      const flip = await readNextFlip(database, lanes);
      // Nobody gives a hint of each change of a user: it would cost more than looking.
      const again = view.apps.size > 0 ? now + LOOK_AGAIN_MS : Infinity;
      const next = Math.min(flip ?? Infinity, again);
      return { done: 0, more: moved, nextDueAt: next === Infinity ? null : next };
    }
    const open = await this.#lookAt(owned, view, { changes, due, ...pages }, now);
    if (open && pages.walks.some(({ after }) => after === null)) wakeLanes();
    return {
      done: open ? changes.length + due.length + pages.walks.length : 0,
      more: moved || changes.length === BATCH || due.length === BATCH || pages.walks.length > 0,
      refused: !open,
      nextDueAt: null,
    };
  }

  async #lookAt(
    owned: OwnedLanes,
    view: LiveView,
    { changes, due, users, walks }: Asked,
    now: number,
  ): Promise<boolean> {
    const all = new Map([...changes, ...due, ...users].map((one) => [one.userId, placeOf(one)]));
    const activeAt = new Map(
      changes.flatMap(({ userId, activeAt: at }) =>
        at === null ? [] : [[userId, at.toISOString()] as const],
      ),
    );
    const apps = new Map([...view.apps].map(([id, app]) => [id, appOfBatch(app)]));
    const walking = new Set(view.walks.map(({ lane, appId }) => `${lane} ${appId}`));
    const looked: LookedAt[] = [];
    for await (const { part, kept, facts } of this.#inParts(view, [...all.values()], now)) {
      for (const user of part) {
        const standing = tellStanding({
          user,
          app: apps.get(user.appId) ?? null,
          facts: facts.get(user.userId) ?? null,
          kept: kept.get(user.userId) ?? NOTHING_KEPT,
          isWalked: walking.has(`${user.lane} ${user.appId}`),
          activeAt: activeAt.get(user.userId) ?? null,
          now,
        });
        if (standing !== null) looked.push(standing);
      }
    }
    return writeLookedAt(this.#options.database, owned, { changes, users: looked, walks }, now);
  }

  /** What is kept and known of users, those of an app together. */
  async *#inParts(view: LiveView, users: readonly UserOfApp[], now: number): AsyncGenerator<ReadPart> {
    const inOrder = users.toSorted((a, b) => Number(a.appId > b.appId) - Number(a.appId < b.appId));
    const read = async (from: number): Promise<ReadPart> => {
      const part = inOrder.slice(from, from + PART);
      const [kept, facts] = await Promise.all([
        readKept(this.#options.database, part),
        this.#factsOf(view, part, now),
      ]);
      return { part, kept, facts };
    };
    let reading = read(0);
    for (let from = PART; from < inOrder.length; from += PART) {
      const done = await reading;
      reading = read(from);
      // Whoever stops here does not hear of it.
      reading.catch(() => undefined);
      yield done;
    }
    yield await reading;
  }

  /** Of users of apps that are watched and are there. Read behind the changes: what they say is in it. */
  async #factsOf(
    view: LiveView,
    users: readonly UserOfApp[],
    now: number,
  ): Promise<ReadonlyMap<string, readonly Facts[]>> {
    const { database, messageEvents } = this.#options;
    const byApp = new Map<string, UserOfApp[]>();
    for (const user of users) {
      const known = byApp.get(user.appId);
      if (known === undefined) byApp.set(user.appId, [user]);
      else known.push(user);
    }
    const read = [...byApp].map(async ([appId, own]) => {
      const app = view.apps.get(appId);
      if (app === undefined || app.bySlot.size === 0) return [];
      return [...(await readFactsOfUsers(database, appId, own, app.asked, { now, messageEvents }))];
    });
    return new Map((await Promise.all(read)).flat());
  }
}

const NOTHING_KEPT: Kept = { slots: [], flipAt: null };

interface ReadPart {
  readonly part: readonly UserOfApp[];
  /** By the users' ids, as what follows. */
  readonly kept: ReadonlyMap<string, Kept>;
  readonly facts: ReadonlyMap<string, readonly Facts[]>;
}

interface Asked {
  readonly changes: readonly ChangedUser[];
  readonly due: readonly UserOfApp[];
  readonly users: readonly UserOfApp[];
  readonly walks: Awaited<ReturnType<typeof nextPages>>['walks'];
}

function placeOf({ lane, appId, userId }: UserOfApp): UserOfApp {
  return { lane, appId, userId };
}
