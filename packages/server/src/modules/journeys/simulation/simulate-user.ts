import { SEGMENT_KIND } from '../../segments/index.ts';
import { Batch } from '../run/batch.ts';
import type { GatheredFacts } from '../run/gather-facts.ts';
import { inputOf } from '../run/inbox-inputs.ts';
import type { JourneyInboxRow } from '../run/inbox-inputs.ts';
import type { Facts, MessageAction } from '../run/run.ts';
import { tag } from '../run/tag-overlay.ts';
import { arrivalsOf, rowOf } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { MemoryStore } from './memory-store.ts';
import type { SimulatedRefusal, SimulatedRun } from './memory-store.ts';
import { RunNames } from './name-runs.ts';
import type { Past } from './past.ts';
import type { Rehearsal } from './rehearsal.ts';
import { standingAt } from './standing.ts';
import type { Standing } from './standing.ts';

export interface SimulatedUser {
  readonly runs: readonly SimulatedRun[];
  readonly refusals: readonly SimulatedRefusal[];
}

/**
 * Plays what is stored of a user to the batches that work journeys, from one moment at which something happens to the
 * next, on a clock and a store in memory. The same question has the same answer. Pure.
 */
export function simulateUser(rehearsal: Rehearsal, past: Past): SimulatedUser {
  return new Player(rehearsal, past).play();
}

class Player {
  readonly #rehearsal: Rehearsal;
  readonly #past: Past;
  readonly #store = new MemoryStore();
  readonly #names: RunNames;
  #tags: Facts['tags'];
  #standing: Standing = { segmentIds: new Set(), until: Infinity };
  readonly #inbox: readonly Arrival[];
  #nextRow = 0;
  /** What a batch has left for the next one, at the same moment. */
  #left: readonly JourneyInboxRow[] = [];
  #at = -Infinity;
  #facts: Facts;

  constructor(rehearsal: Rehearsal, past: Past) {
    this.#rehearsal = rehearsal;
    this.#past = past;
    this.#names = new RunNames(past.realRuns);
    this.#tags = past.facts.tags;
    this.#facts = past.facts;
    this.#inbox = arrivalsOf(rehearsal, past);
  }

  play(): SimulatedUser {
    const { from, to } = this.#rehearsal;
    this.#look(from);
    this.#launch(from);
    for (let at = this.#nextMoment(); at < to; at = this.#nextMoment()) this.#work(at);
    return { runs: [...this.#store.runs.values()], refusals: this.#store.refusals };
  }

  #nextMoment(): number {
    if (this.#left.length > 0) return this.#at;
    const came = this.#inbox[this.#nextRow]?.at ?? Infinity;
    return Math.min(came, this.#store.nextDue(), this.#standing.until);
  }

  /** Whoever is in the segments when the journey goes live comes in, or is kept out where it takes only later ones. */
  #launch(at: number): void {
    const { live } = this.#rehearsal;
    const { audience } = live.journey.definition;
    if (audience.kind !== 'segment') return;
    const { segmentIds } = this.#standing;
    const batch = this.#batch(at);
    const barring = [...audience.includedSegmentIds, ...audience.excludedSegmentIds];
    if (!audience.futureAdditionsOnly) batch.launch(live, this.#past.user);
    else if (barring.some((id) => segmentIds.has(id))) batch.bar(live, this.#past.user);
    this.#write(batch, at);
  }

  /** What has come, who has come to be in which segments, and whose time has come: in this order, as in the lanes. */
  #work(at: number): void {
    const { index } = this.#rehearsal;
    this.#at = at;
    const rows = [...this.#left];
    while ((this.#inbox[this.#nextRow]?.at ?? Infinity) <= at) {
      const row = this.#inbox[this.#nextRow]?.row;
      if (row != null) rows.push(row);
      this.#nextRow += 1;
    }
    const news = this.#look(at);
    if (news !== null) rows.push(rowOf(this.#rehearsal, this.#past, SEGMENT_KIND, news, at));
    const due = this.#store.storedRuns().filter(({ wakeAt }) => wakeAt !== null && wakeAt.getTime() <= at);
    const batch = this.#batch(at);
    this.#left = rows.filter((row) => {
      const input = inputOf(row, index);
      return input !== null && !batch.take(input);
    });
    for (const { id } of due) batch.wake(id);
    for (const entry of this.#store.storedEntries()) batch.wakeEntry(entry);
    this.#write(batch, at);
  }

  #batch(at: number): Batch {
    const { index } = this.#rehearsal;
    const batch = new Batch(index, at, (user, journeyId) => this.#names.nameAt(journeyId, user, at));
    batch.add(this.#store.storedRuns(), this.#store.storedEntries());
    const { segmentIds: memberships } = this.#standing;
    this.#facts = { ...this.#past.facts, tags: this.#tags, memberships, actions: this.#actionsAt(at) };
    const facts: GatheredFacts = {
      of: () => this.#facts,
      note: (_app, _user, changes) => void (this.#facts = { ...this.#facts, ...changes }),
    };
    batch.know(facts);
    return batch;
  }

  #write(batch: Batch, at: number): void {
    this.#store.write(batch.rows(), at);
    const assigned = batch.tags();
    if (assigned.length === 0) return;
    for (const { assignments } of assigned) this.#tags = tag(this.#tags, assignments);
    // Segments see the tags at once, and tell who is in them by that.
    if (this.#rehearsal.segments.ids.length > 0) this.#standing = { ...this.#standing, until: at };
  }

  /** Where the user stands now; what has changed by that, null when nothing has. */
  #look(at: number): { readonly entered: string[]; readonly left: string[] } | null {
    const { segments } = this.#rehearsal;
    if (segments.ids.length === 0) return null;
    const before = this.#standing.segmentIds;
    this.#standing = standingAt(segments, this.#past.everyFact, this.#tags, at);
    const now = this.#standing.segmentIds;
    const entered = [...now].filter((id) => !before.has(id));
    const left = [...before].filter((id) => !now.has(id));
    return entered.length + left.length === 0 ? null : { entered, left };
  }

  /** What the user had done by then with the messages of the runs, as far as they were really sent. */
  #actionsAt(at: number): Facts['actions'] {
    const actions = new Map<string, Set<MessageAction>>();
    for (const { runId, node, action, at: doneAt } of this.#past.actions) {
      if (doneAt > at) break;
      const run = this.#store.storedRuns().find(({ id }) => id === runId);
      const messageId = run?.context.sent?.[node];
      if (messageId === undefined) continue;
      const done = actions.get(messageId);
      if (done === undefined) actions.set(messageId, new Set([action]));
      else done.add(action);
    }
    return actions;
  }
}
