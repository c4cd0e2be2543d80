import { newIdInLane } from '../../../platform/ids.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { BatchRows, RefusalRow } from './batch-rows.ts';
import type { StoredEntry } from './entry-store.ts';
import type { GatheredFacts } from './gather-facts.ts';
import type { RowInput } from './inbox-inputs.ts';
import { compiledFor } from './journey-index.ts';
import type { JourneyIndex, LiveJourney } from './journey-index.ts';
import { judgeEvent, judgeMember } from './judge-entry.ts';
import type { Judgement } from './judge-entry.ts';
import type { Input, KeptEvent } from './run.ts';
import type { StoredRun } from './run-store.ts';
import { step } from './step.ts';
import { tag } from './tag-overlay.ts';
import { WorkingEntry } from './working-entry.ts';
import { WorkingRun } from './working-run.ts';

/** Why somebody comes in who was told of by no event. */
type Cause = { readonly reason: string; readonly inboxId: number | null; readonly event: KeptEvent | null };

/** The id of a run that begins, in the lane of its user. */
export type NameRun = (user: UserPlace, journeyId: string) => string;

/** What is worked together: in memory, in the order of arrival, to be written once. */
export class Batch {
  readonly #index: JourneyIndex;
  readonly #now: number;
  readonly #newRunId: NameRun;
  readonly #runs = new Map<string, WorkingRun>();
  readonly #ofUser = new Map<string, WorkingRun[]>();
  readonly #entries = new Map<string, WorkingEntry>();
  readonly #refusals = new Map<string, RefusalRow>();
  readonly #inbox: { lane: number; id: number }[] = [];
  /** Users whose rows of the inbox wait for the next batch. */
  readonly #deferred = new Set<string>();
  #facts: GatheredFacts | undefined;

  constructor(index: JourneyIndex, now: number, newRunId: NameRun = ({ lane }) => newIdInLane(lane)) {
    this.#index = index;
    this.#now = now;
    this.#newRunId = newRunId;
  }

  /** Runs that may be moved; one that was read twice is taken once. */
  add(runs: readonly StoredRun[], entries: readonly StoredEntry[]): void {
    for (const stored of runs) if (!this.#runs.has(stored.id)) this.#hold(WorkingRun.read(stored));
    for (const stored of entries) {
      const key = `${stored.userId} ${stored.journeyId}`;
      if (!this.#entries.has(key)) this.#entries.set(key, WorkingEntry.read(stored));
    }
  }

  know(facts: GatheredFacts): void {
    this.#facts = facts;
  }

  runsOf(userId: string): readonly WorkingRun[] {
    return this.#ofUser.get(userId) ?? [];
  }

  run(id: string): WorkingRun | undefined {
    return this.#runs.get(id);
  }

  /** Rows of the inbox that are done with by the end of the batch. */
  done(rows: readonly { readonly lane: number; readonly id: number }[]): void {
    for (const { lane, id } of rows) this.#inbox.push({ lane, id });
  }

  /**
   * Works what has come for a user: first those inside, then whoever comes in by it. False when it has to wait for
   * the next batch, and what comes behind it for the same user too.
   */
  take({ row, input, only }: RowInput): boolean {
    const { userId, appId, lane, id: inboxId } = row;
    if (this.#deferred.has(userId)) return false;
    const at = Math.min(row.at.getTime(), this.#now);
    for (const working of this.runsOf(userId)) if (this.#isBefore(working, at)) this.#wake(working);
    // What they stand before comes before this, and asks segments that have yet to see the tags.
    if (this.runsOf(userId).some((working) => this.#isSettling(working))) {
      this.#deferred.add(userId);
      return false;
    }
    for (const working of this.runsOf(userId)) {
      if (working.place.appId === appId && isMeant(working, only)) this.#move(working, input);
    }
    this.#letIn(input, { appId, lane, userId, inboxId });
    return true;
  }

  #letIn(
    input: Input,
    { appId, lane, userId, inboxId }: UserPlace & { readonly appId: string; readonly inboxId: number },
  ): void {
    switch (input.kind) {
      case 'event':
        for (const live of this.#index.startedBy(appId, input.event.name)) {
          this.#takeEvent(live, { lane, userId }, inboxId, input.event);
        }
        return;
      case 'segments':
        for (const live of this.#index.withAudience(appId, [...input.entered, ...input.left])) {
          this.#takeMember(
            live,
            { lane, userId },
            { reason: 'segment', inboxId, event: null },
            input.entered,
          );
        }
        return;
      case 'enter':
      case 'timer':
      case 'message':
      case 'session':
      case 'stop':
    }
  }

  /** Whether the time of a run had come before something else did. */
  #isBefore(working: WorkingRun, at: number): boolean {
    const { run } = working;
    if (run?.wakeAt == null) return false;
    // Tags of this very batch are not written yet.
    return this.#isSettling(working) ? !working.isChanged : run.wakeAt <= at;
  }

  /** Whether a run waits for the tags that it has just written. */
  #isSettling({ run, place }: WorkingRun): boolean {
    if (run === null || run.node === 0) return false;
    const live = this.#index.get(place.journeyId);
    return live?.moves === true && live.compiled.places.get(run.node)?.node.kind === 'tag';
  }

  /** The time of a run has come. One whose journey is paused keeps its place. */
  wake(id: string): void {
    const working = this.#runs.get(id);
    if (working !== undefined && this.#isBefore(working, this.#now)) this.#wake(working);
  }

  /** A run whose node was removed, or whose journey has ended. */
  disturb(id: string): void {
    const working = this.#runs.get(id);
    if (working !== undefined) this.#move(working, { kind: 'timer' });
  }

  /** Somebody may come in again. */
  wakeEntry({ userId, journeyId }: StoredEntry): void {
    const entry = this.#entries.get(`${userId} ${journeyId}`);
    const live = this.#index.get(journeyId);
    if (entry === undefined || entry.state.wakeAt === null || entry.state.wakeAt > this.#now) return;
    if (live === undefined || entry.state.inside) {
      entry.state = { ...entry.state, wakeAt: null };
      return;
    }
    const isMember = this.#takeMember(live, entry, { reason: 're-entry', inboxId: null, event: null }, null);
    // Whoever is not in the audience then comes in when a segment is entered.
    if (!isMember) entry.state = { ...entry.state, wakeAt: null };
  }

  /** Somebody who is in the audience at the launch. */
  launch(live: LiveJourney, user: UserPlace): void {
    this.#takeMember(live, user, { reason: 'launch', inboxId: null, event: null }, null);
  }

  /** Somebody who is in the segments at the launch of a journey for those who come later. */
  bar({ journey }: LiveJourney, user: UserPlace): void {
    const key = `${user.userId} ${journey.id}`;
    if (this.#entries.has(key)) return;
    const place = { ...user, journeyId: journey.id, appId: journey.appId };
    const state = { inside: false, barred: true, againAt: null, wakeAt: null, parked: false };
    this.#entries.set(key, WorkingEntry.begin(place, state, null));
  }

  /** What was written about users' tags, in order: user to what was assigned. */
  tags(): { appId: string; userId: string; assignments: Readonly<Record<string, string>> }[] {
    return [...this.#runs.values()].flatMap(({ place, userId, tags }) =>
      tags.map((assignments) => ({ appId: place.appId, userId, assignments })),
    );
  }

  rows(): BatchRows {
    const runs = [...this.#runs.values()].filter(({ isChanged }) => isChanged);
    return {
      inbox: this.#inbox,
      runs: runs.map((working) => working.toRow(this.#index.get(working.place.journeyId))),
      entries: [...this.#entries.values()].filter(({ isChanged }) => isChanged).map((entry) => entry.toRow()),
      refusals: [...this.#refusals.values()],
    };
  }

  #hold(working: WorkingRun): void {
    this.#runs.set(working.id, working);
    const listed = this.#ofUser.get(working.userId);
    if (listed === undefined) this.#ofUser.set(working.userId, [working]);
    else listed.push(working);
  }

  #wake(working: WorkingRun): void {
    const live = this.#index.get(working.place.journeyId);
    if (live !== undefined && !live.moves && working.isInside) working.park();
    else this.#move(working, { kind: 'timer' });
  }

  #move(working: WorkingRun, input: Input): void {
    const { run, place } = working;
    if (run === null) return;
    const { appId, journeyId } = place;
    const live = this.#index.get(journeyId);
    const wasInside = working.isInside;
    const facts = this.#known.of(appId, run.userId);
    const moves = live?.moves ?? true;
    const taken = step({
      journeyId,
      journey: live === undefined ? null : compiledFor(live, place.version),
      moves,
      run,
      input,
      facts,
      now: this.#now,
    });
    if (taken.next === run) return;
    working.take(taken);
    for (const effect of taken.effects) {
      if (effect.kind !== 'tag') continue;
      const { tags } = this.#known.of(appId, run.userId);
      this.#known.note(appId, run.userId, { tags: tag(tags, effect.assignments) });
    }
    if (wasInside && !working.isInside && live !== undefined) this.#leave(live, working);
  }

  /** Re-entry is counted from the exit, by what the journey says now. */
  #leave({ journey }: LiveJourney, { userId, place }: WorkingRun): void {
    const { definition } = journey;
    if (definition.audience.kind !== 'segment') return;
    const againAt = definition.reentrySeconds === null ? null : this.#now + definition.reentrySeconds * 1_000;
    const key = `${userId} ${journey.id}`;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      const stored = { inside: true, barred: false, againAt: null, wakeAt: null };
      entry = WorkingEntry.read({
        ...stored,
        lane: place.lane,
        userId,
        journeyId: journey.id,
        appId: place.appId,
      });
      this.#entries.set(key, entry);
    }
    entry.state = { inside: false, barred: false, againAt, wakeAt: againAt, parked: false };
  }

  #takeEvent(live: LiveJourney, user: UserPlace, inboxId: number, event: KeptEvent): void {
    const { audience } = live.compiled.definition;
    if (audience.kind !== 'event_trigger') return;
    const judgement = judgeEvent(live, audience, event, () => this.#keysInside(live, user.userId));
    const cause = { reason: `event ${event.name}`, inboxId, event };
    if (judgement.kind === 'enter') this.#enter(live, user, judgement.runKey, cause);
    else this.#refuse(live, user, inboxId, judgement);
  }

  #keysInside({ journey }: LiveJourney, userId: string): ReadonlySet<string | null> {
    const inside = this.runsOf(userId).filter(
      (working) => working.place.journeyId === journey.id && working.isInside,
    );
    return new Set(inside.map(({ place }) => place.runKey));
  }

  /** Whether the user is in the audience. `entered`: the segments that the user came into; null: at the launch or again. */
  #takeMember(live: LiveJourney, user: UserPlace, cause: Cause, entered: readonly string[] | null): boolean {
    const { journey } = live;
    const { memberships } = this.#known.of(journey.appId, user.userId);
    const key = `${user.userId} ${journey.id}`;
    const entry = this.#entries.get(key);
    const judgement = judgeMember(live, memberships, entry?.state, this.#now);
    const place = { lane: user.lane, userId: user.userId, journeyId: journey.id, appId: journey.appId };
    switch (judgement.kind) {
      case 'enter':
      case 'later': {
        const isNow = judgement.kind === 'enter';
        const state = isNow
          ? { inside: true, barred: false, againAt: null, wakeAt: null, parked: false }
          : { inside: false, barred: false, againAt: this.#now, wakeAt: this.#now, parked: true };
        if (entry === undefined) this.#entries.set(key, WorkingEntry.begin(place, state, cause.inboxId));
        else entry.state = state;
        if (isNow) this.#enter(live, user, null, cause);
        return true;
      }
      case 'refuse':
        // Leaving a segment is no attempt to enter.
        if (cause.inboxId !== null && entered !== null && entered.length > 0) {
          this.#refuse(live, user, cause.inboxId, judgement);
        }
        return false;
      case 'nothing':
        return false;
    }
  }

  #refuse(
    { journey }: LiveJourney,
    { lane, userId }: UserPlace,
    inboxId: number,
    judgement: Judgement,
  ): void {
    if (judgement.kind !== 'refuse') return;
    const key = `${userId} ${journey.id}`;
    const times = (this.#refusals.get(key)?.times ?? 0) + 1;
    const { reason } = judgement;
    this.#refusals.set(key, {
      inbox_id: inboxId,
      lane,
      user_id: userId,
      journey_id: journey.id,
      app_id: journey.appId,
      reason,
      times,
    });
  }

  #enter(live: LiveJourney, user: UserPlace, runKey: string | null, { reason, inboxId, event }: Cause): void {
    const { id: journeyId, appId, version } = live.journey;
    const run = {
      id: this.#newRunId(user, journeyId),
      userId: user.userId,
      node: 0,
      rev: 0,
      wakeAt: null,
      startedAt: this.#now,
      context: { events: event === null ? [] : [event] },
    };
    const working = WorkingRun.begin({ lane: user.lane, appId, journeyId, runKey, version }, run, inboxId);
    this.#hold(working);
    this.#move(working, { kind: 'enter', reason });
    if (!working.isInside) this.#leave(live, working);
  }

  get #known(): GatheredFacts {
    if (this.#facts === undefined) throw new Error('facts are gathered before anything moves');
    return this.#facts;
  }
}

function isMeant({ place, id }: WorkingRun, only: RowInput['only']): boolean {
  if (only === null) return true;
  if (place.journeyId !== only.journeyId) return false;
  if (only.runId !== null && only.runId !== id) return false;
  return only.runKey === null || only.runKey === place.runKey;
}
