import type { EntryRow } from './batch-rows.ts';
import type { StoredEntry } from './entry-store.ts';

/** What is said of somebody's entry; times in milliseconds since the epoch. */
export interface EntryState {
  readonly inside: boolean;
  readonly barred: boolean;
  /** From when on the user may enter again; null: never. */
  readonly againAt: number | null;
  /** When to look whether the user is in the audience then. */
  readonly wakeAt: number | null;
  /** It came due while the journey is paused. */
  readonly parked: boolean;
}

/** An entry while a batch works it. */
export class WorkingEntry {
  readonly lane: number;
  readonly userId: string;
  readonly journeyId: string;
  readonly appId: string;
  state: EntryState;
  readonly #seen: EntryState | null;
  readonly #inboxId: number | null;

  private constructor(
    place: Pick<StoredEntry, 'lane' | 'userId' | 'journeyId' | 'appId'>,
    state: EntryState,
    seen: EntryState | null,
    inboxId: number | null,
  ) {
    this.lane = place.lane;
    this.userId = place.userId;
    this.journeyId = place.journeyId;
    this.appId = place.appId;
    this.state = state;
    this.#seen = seen;
    this.#inboxId = inboxId;
  }

  static read(stored: StoredEntry): WorkingEntry {
    const { inside, barred, againAt, wakeAt } = stored;
    const times = { againAt: againAt?.getTime() ?? null, wakeAt: wakeAt?.getTime() ?? null };
    const state = { inside, barred, ...times, parked: false };
    return new WorkingEntry(stored, state, state, null);
  }

  /** Somebody who was never in. `inboxId`: the row of the inbox that it comes of. */
  static begin(
    place: Pick<StoredEntry, 'lane' | 'userId' | 'journeyId' | 'appId'>,
    state: EntryState,
    inboxId: number | null,
  ): WorkingEntry {
    return new WorkingEntry(place, state, null, inboxId);
  }

  get isChanged(): boolean {
    return this.state !== this.#seen;
  }

  toRow(): EntryRow {
    const { inside, barred, againAt, wakeAt, parked } = this.state;
    return {
      inbox_id: this.#inboxId,
      lane: this.lane,
      user_id: this.userId,
      journey_id: this.journeyId,
      app_id: this.appId,
      inside,
      barred,
      again_at: iso(againAt),
      wake_at: iso(wakeAt),
      parked,
      is_new: this.#seen === null,
    };
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
