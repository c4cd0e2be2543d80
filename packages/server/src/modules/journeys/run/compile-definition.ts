import type { Condition, Definition, EventTest, JourneyNode } from '../definition/definition.ts';
import { branchesOf } from '../definition/walk-nodes.ts';
import type { Needs } from './needs.ts';
import { allNeeds, needsOf, needSegments, NO_NEEDS } from './needs.ts';

/** A node and where the way goes on behind it. */
export interface Place {
  readonly node: JourneyNode;
  /** Key of the node behind it, also out of a branch; null at the end of the way. */
  readonly next: number | null;
  /** What a run that comes here may ask for, up to where it must stop. */
  readonly arriving: Needs;
  /** What a run that leaves here may ask for. */
  readonly leaving: Needs;
}

/** A definition made flat: by key, without nesting. */
export interface CompiledJourney {
  readonly definition: Definition;
  /** Key of the first node; null when there is none. */
  readonly first: number | null;
  readonly places: ReadonlyMap<number, Place>;
  /** Key of a branch to where it leads: its first node, or what is behind it when it is empty. */
  readonly branches: ReadonlyMap<number, number | null>;
  /** Nodes and branches by key to their ids on the wire. */
  readonly ids: ReadonlyMap<number, string>;
  /** Names of custom events that a run inside may react to. */
  readonly listensTo: ReadonlySet<string>;
  /** Segments whose changes may move a run. */
  readonly segmentIds: ReadonlySet<string>;
  /** What users do with the messages of these nodes may move a run. */
  readonly sendingNodes: ReadonlySet<number>;
  /** What somebody who comes in may ask for, and whether they may come in. */
  readonly entering: Needs;
  /** The segments that decide whether a run must end. */
  readonly exiting: Needs;
  /** All that a run may ask for, wherever it stands. */
  readonly everything: Needs;
}

const compiled = new WeakMap<Definition, CompiledJourney>();

/** The same object for the same definition: a version is compiled once. */
export function compileDefinition(definition: Definition): CompiledJourney {
  let journey = compiled.get(definition);
  if (journey === undefined) compiled.set(definition, (journey = compile(definition)));
  return journey;
}

/** Where a run goes on that stood at a node which was removed; null: nothing came behind it. */
export function forwardOf({ definition, places }: CompiledJourney, key: number): number | null {
  let at: number | null = key;
  // Keys are never given again, so no chain comes back to where it was; the bound is for a broken file.
  for (let hops = 0; at !== null && !places.has(at) && hops < 10_000; hops += 1) {
    at = definition.forwards[at] ?? null;
  }
  return at !== null && places.has(at) ? at : null;
}

function compile(definition: Definition): CompiledJourney {
  const places = new Map<number, Place>();
  const branches = new Map<number, number | null>();
  const ids = new Map<number, string>();
  const conditions: Condition[] = [];
  // From the end to the beginning: what is behind a node is there before it.
  const layOut = (nodes: readonly JourneyNode[], behind: number | null): number | null => {
    let next = behind;
    for (const node of nodes.toReversed()) {
      const following = node.kind === 'exit' ? null : next;
      const ways = [following];
      for (const branch of branchesOf(node)) {
        const first = layOut(branch.nodes, following);
        branches.set(branch.key, first);
        ids.set(branch.key, branch.id);
        ways.push(first);
      }
      const leaving = allNeeds(
        [...new Set(ways)].map((key) => (key === null ? null : places.get(key))?.arriving ?? NO_NEEDS),
      );
      // A wait is never over on arrival.
      const arriving = node.kind === 'wait' ? NO_NEEDS : allNeeds([needsOf(node), leaving]);
      places.set(node.key, { node, next: following, arriving, leaving });
      ids.set(node.key, node.id);
      conditions.push(...conditionsOf(node));
      next = node.key;
    }
    return next;
  };
  const first = layOut(definition.nodes, null);
  const { audience, earlyExit } = definition;
  const audienceIds =
    audience.kind === 'segment' ? [...audience.includedSegmentIds, ...audience.excludedSegmentIds] : [];
  const deciding = needSegments([...audienceIds, ...(earlyExit?.onSegmentIds ?? [])]);
  const setsTags = Object.keys(earlyExit?.tags ?? {}).length > 0;
  const withExitTags = (needs: Needs): Needs => (setsTags ? { ...needs, tags: true } : needs);
  return {
    definition,
    first,
    places,
    branches,
    ids,
    listensTo: new Set(eventTestsOf(definition, conditions).map(({ name }) => name)),
    segmentIds: new Set([
      ...audienceIds,
      ...(earlyExit?.onSegmentIds ?? []),
      ...conditions.flatMap((one) => (one.kind === 'segment_membership' ? one.segmentIds : [])),
    ]),
    sendingNodes: new Set(
      conditions.flatMap((one) => (one.kind === 'on_notification_action' ? [one.sendingNodeKey] : [])),
    ),
    entering: withExitTags(
      allNeeds([first === null ? NO_NEEDS : (places.get(first)?.arriving ?? NO_NEEDS), deciding]),
    ),
    exiting: withExitTags(earlyExit?.whenNotInAudience ? needSegments(audienceIds) : NO_NEEDS),
    everything: withExitTags(allNeeds([deciding, ...[...places.values()].map(({ node }) => needsOf(node))])),
  };
}

function conditionsOf(node: JourneyNode): readonly Condition[] {
  if (node.kind === 'yes_no') return [node.condition];
  return node.kind === 'wait_until' ? node.branches.map(({ condition }) => condition) : [];
}

function eventTestsOf(
  { earlyExit, goal }: Definition,
  conditions: readonly Condition[],
): readonly EventTest[] {
  return [
    ...conditions.flatMap((one) => (one.kind === 'event_trigger' ? [one.event] : [])),
    ...(earlyExit?.onEvent ? [earlyExit.onEvent] : []),
    ...(goal ? [goal.event] : []),
  ];
}
