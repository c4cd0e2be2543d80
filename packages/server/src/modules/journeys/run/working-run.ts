import type { RunRow, SendRow } from './batch-rows.ts';
import type { LiveJourney } from './journey-index.ts';
import type { StoredRun } from './run-store.ts';
import type { Effect, KeptEvent, Run, Step, TraceLine } from './run.ts';

/** What a run is of, as far as it never changes. */
export interface RunPlace {
  readonly lane: number;
  readonly appId: string;
  readonly journeyId: string;
  readonly runKey: string | null;
  /** That of the journey when it began: its settings hold to the end. */
  readonly version: number;
}

/** A run while a batch works it: as it was read, and as its steps so far have left it. */
export class WorkingRun {
  readonly place: RunPlace;
  /** Null when nothing is left to wait for. */
  run: Run | null;
  readonly #seen: Run | null;
  readonly #inboxId: number | null;
  readonly id: string;
  readonly userId: string;
  readonly #startedAt: number;
  #events: readonly KeptEvent[] = [];
  readonly #trace: TraceLine[] = [];
  readonly #effects: Effect[] = [];
  readonly #wasParked: boolean;
  #isParked: boolean;

  private constructor(
    place: RunPlace & { readonly parked?: boolean },
    run: Run,
    seen: Run | null,
    inboxId: number | null,
  ) {
    this.#wasParked = place.parked === true;
    this.#isParked = this.#wasParked;
    this.place = place;
    this.run = run;
    this.#seen = seen;
    this.#inboxId = inboxId;
    this.id = run.id;
    this.userId = run.userId;
    this.#startedAt = run.startedAt;
  }

  static read(stored: StoredRun): WorkingRun {
    const { id, userId, node, rev, wakeAt, startedAt, context } = stored;
    const times = { wakeAt: wakeAt?.getTime() ?? null, startedAt: startedAt.getTime() };
    const run = { id, userId, node, rev, context, ...times };
    return new WorkingRun(stored, run, run, null);
  }

  /** A run that stands nowhere yet. `inboxId`: the row of the inbox that it begins by. */
  static begin(place: RunPlace, run: Run, inboxId: number | null): WorkingRun {
    return new WorkingRun(place, run, null, inboxId);
  }

  /** Whether its user is on the way, and not only waited for by the goal. */
  get isInside(): boolean {
    return this.run !== null && this.run.node > 0;
  }

  take({ next, trace, effects, events }: Step): void {
    this.run = next;
    this.#isParked = false;
    if (effects.length > 0) this.#events = events;
    this.#trace.push(...trace);
    this.#effects.push(...effects);
  }

  /** It came due while its journey is paused. */
  park(): void {
    this.#isParked = true;
  }

  get isChanged(): boolean {
    return this.#seen === null || this.run !== this.#seen || this.#isParked !== this.#wasParked;
  }

  get tags(): readonly Readonly<Record<string, string>>[] {
    return this.#effects.flatMap((effect) => (effect.kind === 'tag' ? [effect.assignments] : []));
  }

  get hasEffects(): boolean {
    return this.#effects.length > 0;
  }

  toRow(live: LiveJourney | undefined): RunRow {
    const { run, place } = this;
    const seen = this.#seen;
    const trace = this.#trace;
    const sends = live === undefined ? [] : this.#sends(live);
    const calls = live === undefined ? [] : this.#calls(live);
    const context = run === null || run.context === seen?.context ? null : run.context;
    // What the database finds in the run's own row when it makes the messages.
    const known = (context ?? seen?.context)?.events;
    return {
      lane: place.lane,
      id: this.id,
      seen_rev: seen?.rev ?? null,
      rev: run?.rev ?? 0,
      was: seen?.node ?? null,
      node: run?.node ?? null,
      wake_at: iso(run?.wakeAt ?? null),
      parked: this.#isParked,
      context,
      nodes: trace.map(({ node }) => node),
      steps: trace.map(({ step }) => step),
      branches: trace.map(({ branch }) => branch),
      reasons: trace.map(({ reason }) => reason),
      messages: trace.map(({ messageId }) => messageId),
      sends: sends.length > 0 ? sends : null,
      calls: calls.length > 0 ? calls : null,
      ...(sends.length + calls.length > 0 && this.#events !== known && { events: this.#events }),
      ...(seen === null && { begins: this.#beginning() }),
    };
  }

  #beginning(): NonNullable<RunRow['begins']> {
    const { appId, journeyId, runKey, version } = this.place;
    return {
      inbox_id: this.#inboxId,
      app_id: appId,
      journey_id: journeyId,
      user_id: this.userId,
      run_key: runKey,
      version,
      started_at: new Date(this.#startedAt).toISOString(),
    };
  }

  #sends({ journey, compiled }: LiveJourney): SendRow[] {
    return this.#effects.flatMap((effect) =>
      effect.kind === 'send'
        ? [
            {
              message_id: effect.messageId,
              channel: effect.channel,
              name: journey.name,
              node_id: compiled.ids.get(effect.node),
              template_id: effect.templateId,
              content_id: effect.contentId,
              targets: effect.targets,
            },
          ]
        : [],
    );
  }

  #calls({ journey, compiled }: LiveJourney): NonNullable<RunRow['calls']> {
    return this.#effects.flatMap((effect) =>
      effect.kind === 'webhook'
        ? [
            {
              call_id: effect.callId,
              webhook_id: effect.webhookId,
              node_id: compiled.ids.get(effect.node),
              name: journey.name,
            },
          ]
        : [],
    );
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
