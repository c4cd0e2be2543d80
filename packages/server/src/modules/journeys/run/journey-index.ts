import type { Journey } from '../definition/definition.ts';
import type { BookedJourney } from '../definition/journey-book.ts';
import { compileDefinition } from './compile-definition.ts';
import type { CompiledJourney } from './compile-definition.ts';

/** A journey with people inside, or who may come in. */
export interface LiveJourney {
  readonly journey: Journey;
  readonly compiled: CompiledJourney;
  /** For people inside who came in before its settings were changed, as in the book. */
  readonly earlier: readonly { readonly before: number; readonly compiled: CompiledJourney }[];
  /** Nobody comes in. */
  readonly isPaused: boolean;
  /** False while it is paused, or awaits its segments: then who comes in by an event waits at the door. */
  readonly moves: boolean;
}

/** Nobody moves in it until it is known who is in these segments. */
export interface AwaitingJourney {
  readonly journey: BookedJourney;
  readonly segmentIds: readonly string[];
}

const NONE: readonly LiveJourney[] = [];

/** What a run goes by that began at `version`: the nodes of now, with the settings of then. */
export function compiledFor({ compiled, earlier }: LiveJourney, version: number): CompiledJourney {
  return earlier.find(({ before }) => version < before)?.compiled ?? compiled;
}

/** What the live journeys of all apps ask for, by what comes: most of what happens concerns none of them. */
export class JourneyIndex {
  readonly #byId = new Map<string, LiveJourney>();
  readonly #byEntryEvent = new Map<string, LiveJourney[]>();
  readonly #bySegment = new Map<string, LiveJourney[]>();
  readonly #events = new Set<string>();
  readonly #segments = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #awaiting: AwaitingJourney[] = [];

  /** Of those that are processing, active or paused. */
  constructor(journeys: readonly BookedJourney[]) {
    for (const journey of journeys) this.#add(journey);
  }

  #add(journey: BookedJourney): void {
    const { appId, id, definition } = journey;
    const compiled = compileDefinition(definition);
    const earlier = journey.earlier.map(({ before, definition: then }) => ({
      before,
      compiled: compileDefinition(then),
    }));
    const isPaused = journey.state === 'paused';
    const live = { journey, compiled, earlier, isPaused, moves: !isPaused && !journey.awaitsSegments };
    this.#byId.set(id, live);
    const { audience } = definition;
    if (audience.kind === 'event_trigger') {
      push(this.#byEntryEvent, `${appId} ${audience.name}`, live);
      // Whether the key is inside already.
      if (audience.runKey !== null) this.#events.add(`${appId} ${audience.name}`);
    } else {
      for (const id of [...audience.includedSegmentIds, ...audience.excludedSegmentIds]) {
        push(this.#bySegment, `${appId} ${id}`, live);
      }
    }
    // Who came in by earlier settings goes by theirs.
    const everyCompiled = [compiled, ...earlier.map((then) => then.compiled)];
    if (journey.awaitsSegments) {
      const ids = new Set(everyCompiled.flatMap(({ segmentIds }) => [...segmentIds]));
      this.#awaiting.push({ journey, segmentIds: [...ids] });
    }
    for (const one of everyCompiled) {
      for (const name of one.listensTo) this.#events.add(`${appId} ${name}`);
      for (const id of one.segmentIds) this.#segments.add(`${appId} ${id}`);
      if (one.definition.earlyExit?.onSession) this.#sessions.add(appId);
    }
  }

  /** Those of which it was not known, when they went live or were changed, who is in their segments. */
  get awaiting(): readonly AwaitingJourney[] {
    return this.#awaiting;
  }

  get all(): Iterable<LiveJourney> {
    return this.#byId.values();
  }

  get(id: string): LiveJourney | undefined {
    return this.#byId.get(id);
  }

  /** Journeys that an event of this name may let users into. */
  startedBy(appId: string, event: string): readonly LiveJourney[] {
    return this.#byEntryEvent.get(`${appId} ${event}`) ?? NONE;
  }

  /** Journeys whose audience has one of these segments, each once. */
  withAudience(appId: string, segmentIds: readonly string[]): readonly LiveJourney[] {
    return [...new Set(segmentIds.flatMap((id) => this.#bySegment.get(`${appId} ${id}`) ?? NONE))];
  }

  /** Whether an event of this name may do something to somebody inside. */
  listensTo(appId: string, event: string): boolean {
    return this.#events.has(`${appId} ${event}`);
  }

  asksSegments(appId: string, segmentIds: readonly string[]): boolean {
    return segmentIds.some((id) => this.#segments.has(`${appId} ${id}`));
  }

  asksSessions(appId: string): boolean {
    return this.#sessions.has(appId);
  }
}

function push(map: Map<string, LiveJourney[]>, key: string, journey: LiveJourney): void {
  const listed = map.get(key);
  if (listed === undefined) map.set(key, [journey]);
  else if (!listed.includes(journey)) listed.push(journey);
}
