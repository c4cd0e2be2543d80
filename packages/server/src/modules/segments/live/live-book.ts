import type { Queryable } from '../../../platform/database/database.ts';
import { askedEvents, compileTogether } from '../../audience/index.ts';
import type { AskedEvents, Expression } from '../../audience/index.ts';
import { defaultMeanings } from '../default-segments.ts';
import { readLive, readLook } from './live-book-store.ts';
import type { LiveRow, Walk } from './live-book-store.ts';
import type { LiveState } from './live-state.ts';
import type { SlottedSegments } from './look-at-user.ts';

/** A live segment. */
export interface LiveSegment {
  readonly id: string;
  readonly slot: number;
  readonly state: LiveState;
}

/** What is watched in an app. */
export interface LiveApp {
  /** All of them, compiled. */
  readonly segments: SlottedSegments;
  readonly bySlot: ReadonlyMap<number, LiveSegment>;
  readonly asked: AskedEvents;
  readonly sessions: boolean;
}

/** What is watched, and what goes on in some lanes, as both were at one moment. */
export interface LiveView {
  readonly apps: ReadonlyMap<string, LiveApp>;
  readonly walks: readonly Walk[];
  /** Some segment waits for its first look at everybody, or for another one. */
  readonly isUnsettled: boolean;
}

interface Page {
  readonly version: number;
  readonly apps: ReadonlyMap<string, LiveApp>;
  readonly isUnsettled: boolean;
}

/** The live segments of all apps, in memory. */
export class LiveBook {
  readonly #database: Queryable;
  #page: Page = { version: -1, apps: new Map(), isUnsettled: false };

  constructor(database: Queryable) {
    this.#database = database;
  }

  /** Read what is to be looked at after it. */
  async view(lanes: readonly number[]): Promise<LiveView> {
    for (;;) {
      const { version, walks } = await readLook(this.#database, lanes);
      if (this.#page.version < version) this.#page = await this.#load();
      // Newer by now: the walks that began with it have yet to be seen.
      const { apps, isUnsettled } = this.#page;
      if (this.#page.version === version) return { apps, walks, isUnsettled };
    }
  }

  async #load(): Promise<Page> {
    const { version, segments, sessionApps } = await readLive(this.#database);
    const appIds = new Set([...segments.map(({ appId }) => appId), ...sessionApps]);
    const ofApp = new Map<string, LiveRow[]>([...appIds].map((id) => [id, []]));
    for (const row of segments) ofApp.get(row.appId)?.push(row);
    return {
      version,
      apps: new Map([...ofApp].map(([id, rows]) => [id, liveApp(id, rows, sessionApps.includes(id))])),
      isUnsettled: segments.some(({ state }) => state !== 'ready'),
    };
  }
}

function liveApp(appId: string, rows: readonly LiveRow[], sessions: boolean): LiveApp {
  const everyApp = defaultMeanings(appId);
  const inOrder = rows.toSorted((a, b) => a.slot - b.slot);
  const expressions: readonly Expression[] = inOrder.map(
    ({ segmentId, conditions }) => conditions ?? everyApp.get(segmentId) ?? [],
  );
  return {
    segments: { slots: inOrder.map(({ slot }) => slot), ask: compileTogether(expressions) },
    bySlot: new Map(inOrder.map(({ segmentId: id, slot, state }) => [slot, { id, slot, state }])),
    asked: askedEvents(expressions),
    sessions,
  };
}
