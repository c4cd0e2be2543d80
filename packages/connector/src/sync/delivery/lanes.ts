import type { UserWork, Work } from './work.ts';

interface Lane {
  readonly id: string;
  readonly waiting: Work[];
  busy: boolean;
}

/**
 * Work by user: in its order for each of them, side by side for different ones. Of the writes of a user
 * that wait only the last one matters, so they become one, in the place of the first. A user who was
 * just written rests for a while, so that more of them do.
 */
export class Lanes {
  readonly #eventsTogether: boolean;
  readonly #lanes = new Map<string, Lane>();
  /** Lanes that are free, by the kind of what is next; in the order in which they became so. */
  readonly #ready: Readonly<Record<Work['kind'], Set<Lane>>> = {
    user: new Set(),
    removal: new Set(),
    event: new Set(),
    message: new Set(),
  };
  /** Until when users rest, in milliseconds since the epoch, the earliest first. */
  readonly #rests = new Map<string, number>();
  /** Lanes with nothing but a write that waits for its user's rest to end. */
  readonly #resting = new Set<Lane>();

  /** `eventsTogether`: may the events of a user that are next go out in one call? */
  constructor(eventsTogether = true) {
    this.#eventsTogether = eventsTogether;
  }

  /** Is anything of this user waiting or under way? */
  has(id: string): boolean {
    return this.#lanes.has(id);
  }

  add(work: Work): void {
    const known = this.#lanes.get(work.lane);
    if (known !== undefined && work.kind === 'user' && coalesced(known.waiting, work)) return;
    const lane = known ?? { id: work.lane, waiting: [], busy: false };
    this.#lanes.set(work.lane, lane);
    lane.waiting.push(work);
    if (!lane.busy) this.#offer(lane);
  }

  /** Is there any of this kind that may go out now? */
  isReady(kind: Work['kind']): boolean {
    return this.#ready[kind].size > 0;
  }

  /** Is there a write that waits for the end of a rest? */
  get isResting(): boolean {
    return this.#resting.size > 0;
  }

  /** The next write of this user waits until then, unless something else of it comes. Times do not go back. */
  rest(id: string, until: number): void {
    this.#rests.delete(id);
    this.#rests.set(id, until);
  }

  /** Ends the rests that are over. */
  wake(now: number): void {
    for (const [id, until] of this.#rests) {
      if (until > now) return;
      this.#rests.delete(id);
      const lane = this.#lanes.get(id);
      if (lane !== undefined && this.#resting.has(lane)) this.#offer(lane);
    }
  }

  /** Takes what may go out now, at most `most`: one of each lane, or all the events that are next in it. */
  take<Kind extends Work['kind']>(kind: Kind, most: number): Extract<Work, { kind: Kind }>[] {
    const taken: Work[] = [];
    for (const lane of this.#ready[kind]) {
      if (taken.length >= most) break;
      this.#ready[kind].delete(lane);
      lane.busy = true;
      const next = lane.waiting.findIndex((work) => work.kind !== 'event');
      const run = kind === 'event' && this.#eventsTogether ? (next === -1 ? lane.waiting.length : next) : 1;
      taken.push(...lane.waiting.splice(0, Math.min(run, most - taken.length)));
    }
    return taken as Extract<Work, { kind: Kind }>[];
  }

  /** What was taken of these lanes is done with: what is next in them may go out. */
  free(ids: Iterable<string>): void {
    for (const id of ids) {
      const lane = this.#lanes.get(id);
      if (lane === undefined) continue;
      lane.busy = false;
      if (lane.waiting.length === 0) this.#lanes.delete(id);
      else this.#offer(lane);
    }
  }

  /** Lets a free lane's next work go out, now or after its rest. */
  #offer(lane: Lane): void {
    const [next, ...others] = lane.waiting;
    if (next === undefined) return;
    const rests = next.kind === 'user' && others.length === 0 && this.#rests.has(lane.id);
    if (rests) this.#resting.add(lane);
    else {
      this.#resting.delete(lane);
      this.#ready[next.kind].add(lane);
    }
  }
}

/** Puts a newer write in the place of one that waits. Not over a removal in between. */
function coalesced(waiting: Work[], work: UserWork): boolean {
  const at = waiting.findLastIndex(({ kind }) => kind === 'user' || kind === 'removal');
  const older = waiting[at];
  if (older?.kind !== 'user') return false;
  // Not into a new list each time: a user may change thousands of times in a while.
  older.places.push(...work.places);
  waiting[at] = { ...work, again: older.again || work.again, places: older.places };
  return true;
}
