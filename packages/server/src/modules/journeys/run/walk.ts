import type { CompiledJourney } from './compile-definition.ts';
import type {
  Effect,
  ExitReason,
  Facts,
  KeptEvent,
  Run,
  RunContext,
  Step,
  StepName,
  TraceLine,
} from './run.ts';

/** What the line of a step says beside its name. */
export type LineDetail = Partial<Pick<TraceLine, 'branch' | 'reason' | 'messageId'>>;

/** What comes of a run at a node. */
export type Passing =
  | { readonly kind: 'on'; readonly to: number | null }
  | { readonly kind: 'waits'; readonly wakeAt: number | null }
  | { readonly kind: 'exits'; readonly reason: ExitReason };

/** A step while it is computed: what the run knows, and what it has left behind so far. */
export class Walk {
  readonly journey: CompiledJourney;
  readonly journeyId: string;
  readonly run: Run;
  readonly facts: Facts;
  readonly now: number;
  context: RunContext;
  /** As they are after what this step has written. */
  tags: Readonly<Record<string, string>>;
  readonly #trace: TraceLine[] = [];
  readonly #effects: Effect[] = [];
  #told: readonly KeptEvent[] | null = null;

  constructor(journey: CompiledJourney, journeyId: string, run: Run, facts: Facts, now: number) {
    this.journey = journey;
    this.journeyId = journeyId;
    this.run = run;
    this.facts = facts;
    this.now = now;
    this.context = run.context;
    this.tags = facts.tags;
  }

  /** The event that let the user in; null when a segment did. */
  get entry(): KeptEvent | null {
    const { audience } = this.journey.definition;
    return audience.kind === 'event_trigger' ? (this.context.events[0] ?? null) : null;
  }

  get isHeldOut(): boolean {
    return this.context.heldOut === true;
  }

  tell(
    node: number,
    step: StepName,
    { branch = null, reason = null, messageId = null }: LineDetail = {},
  ): void {
    const rev = this.run.rev + this.#trace.length + 1;
    this.#trace.push({ rev, node, step, branch, reason, messageId });
  }

  leave(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** The run waits at a node from now on. */
  stand(node: number, wakeAt: number | null): Step {
    return this.#end({ node, wakeAt });
  }

  /**
   * The way is over. A run whose goal can still be reached waits for it, without what it knew of its user but
   * the event that the goal is matched with.
   */
  finish(): Step {
    const { goal } = this.journey.definition;
    const until = goal === null ? 0 : this.run.startedAt + goal.withinSeconds * 1_000;
    if (goal === null || this.context.goal || until <= this.now) return this.vanish();
    const { events, heldOut } = this.context;
    this.#told = events;
    this.context = {
      events: goal.event.matchEntry.length > 0 ? events.slice(0, 1) : [],
      ...(heldOut && { heldOut }),
    };
    return this.#end({ node: 0, wakeAt: until });
  }

  vanish(): Step {
    return this.#leaving(null);
  }

  #end(place: Pick<Run, 'node' | 'wakeAt'>): Step {
    const rev = this.run.rev + this.#trace.length;
    return this.#leaving({ ...this.run, ...place, rev, context: this.context });
  }

  #leaving(next: Run | null): Step {
    const events = this.#told ?? this.context.events;
    return { next, trace: this.#trace, effects: this.#effects, events };
  }
}
