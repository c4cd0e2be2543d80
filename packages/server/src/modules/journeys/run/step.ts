import type { WaitUntilNode } from '../definition/definition.ts';
import { arrive, reasonOf, takeBranch } from './arrive.ts';
import { isHeldOut } from './chance.ts';
import { forwardOf } from './compile-definition.ts';
import type { CompiledJourney, Place } from './compile-definition.ts';
import { comesTrue } from './conditions.ts';
import { exitEarly, exitReason, exitReasonAtEntry } from './early-exit.ts';
import { keepEvent } from './keep-event.ts';
import type { ExitReason, Facts, Input, Pending, Run, Step } from './run.ts';
import { isEvent } from './test-event.ts';
import { Walk } from './walk.ts';

export interface StepOf {
  readonly journeyId: string;
  /** The newest version; null when the journey is archived or deleted. */
  readonly journey: CompiledJourney | null;
  /** False while the journey is paused or awaits its segments: what comes is noted, and nobody moves. */
  readonly moves: boolean;
  /** For `enter`, a run that stands nowhere: `node` and `rev` are 0. */
  readonly run: Run;
  readonly input: Input;
  readonly facts: Facts;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Moves a run: from what has come, over every node that takes no time, up to where it must wait or the end.
 * Pure: the same arguments give the same step, ids included, so a step whose commit failed is computed again.
 * `next` is the very run when nothing happened.
 */
export function step({ journeyId, journey, moves, run, input, facts, now }: StepOf): Step {
  const nothing: Step = { next: run, trace: [], effects: [], events: [] };
  if (journey === null || input.kind === 'stop') {
    return stop(run, input.kind === 'stop' ? input.reason : 'journey ended');
  }
  const walk = new Walk(journey, journeyId, run, facts, now);
  if (input.kind === 'enter') return enter(walk, input, moves);
  const isOver = run.node === 0;
  if (isOver && input.kind === 'timer') return walk.vanish();
  if (input.kind === 'event' && reachesGoal(walk, input)) {
    walk.context = { ...walk.context, goal: true };
    walk.tell(0, walk.isHeldOut ? 'goal held out' : 'goal');
    if (isOver) return walk.vanish();
  }
  const counted = walk.context === run.context ? nothing : walk.stand(run.node, run.wakeAt);
  if (isOver) return counted;
  return (moves ? move(walk, input) : note(walk, input)) ?? counted;
}

function stop(run: Run, reason: string): Step {
  // A run that is over waits only for a count.
  if (run.node === 0) return { next: null, trace: [], effects: [], events: [] };
  const line = {
    rev: run.rev + 1,
    node: run.node,
    step: 'stopped',
    branch: null,
    reason,
    messageId: null,
  } as const;
  return { next: null, trace: [line], effects: [], events: [] };
}

function enter(walk: Walk, input: Input & { kind: 'enter' }, moves: boolean): Step {
  const { journey, journeyId, run } = walk;
  walk.tell(0, 'entered', { reason: input.reason });
  if (isHeldOut(journey.definition.holdOutPercent, journeyId, run.userId)) {
    walk.context = { ...walk.context, heldOut: true };
    walk.tell(0, 'held out');
  }
  if (moves || journey.first === null) return goOn(walk, journey.first, exitReasonAtEntry(walk));
  walk.context = { ...walk.context, pending: { kind: 'entry' } };
  return walk.stand(journey.first, walk.now);
}

function reachesGoal(walk: Walk, { event, at }: Input & { kind: 'event' }): boolean {
  const { goal } = walk.journey.definition;
  return (
    goal !== null &&
    walk.context.goal !== true &&
    at <= walk.run.startedAt + goal.withinSeconds * 1_000 &&
    isEvent(goal.event, event, walk.entry)
  );
}

/** Null when the run stays as it is. */
function move(walk: Walk, input: Input): Step | null {
  const { run, journey } = walk;
  const reason = exitReason(walk, input);
  if (reason !== null) return exitEarly(walk, run.node, reason);
  const place = journey.places.get(run.node);
  if (place === undefined) {
    const atDoor = walk.context.pending?.kind === 'entry';
    walk.tell(run.node, 'forwarded', { reason: 'node removed' });
    return goOn(walk, forwardOf(journey, run.node), atDoor ? exitReasonAtEntry(walk) : null);
  }
  if (input.kind === 'timer') return wake(walk, place);
  const branch = branchFor(walk, place, input);
  return branch === null ? null : take(walk, place, branch);
}

/**
 * What comes while nobody moves is kept, the first of it, and acted on when the journey goes on. Who stands at the
 * door does then not pass the first step: what ends or moves the run came behind the entry.
 */
function note(walk: Walk, input: Input): Step | null {
  const { run, journey } = walk;
  if ((walk.context.pending?.kind ?? 'entry') !== 'entry') return null;
  const exit = exitReason(walk, input);
  const place = journey.places.get(run.node);
  const branch = exit === null && place !== undefined ? branchFor(walk, place, input) : null;
  if (exit === null && branch === null) return null;
  const pending = exit === null ? branch : { kind: 'exit' as const, reason: exit };
  if (pending === null) return null;
  walk.context = { ...walk.context, pending };
  walk.tell(run.node, 'noted', { reason: pending.reason });
  return walk.stand(run.node, Math.min(walk.now, run.wakeAt ?? Infinity));
}

/** The upper of the branches that what has come makes true. An event that does is kept. */
function branchFor(walk: Walk, { node }: Place, input: Input): (Pending & { kind: 'branch' }) | null {
  if (node.kind !== 'wait_until') return null;
  const branch = node.branches.find(({ condition }) => comesTrue(condition, input, walk));
  if (branch === undefined) return null;
  if (input.kind === 'event') {
    walk.context = { ...walk.context, events: keepEvent(walk.context.events, input.event) };
  }
  return { kind: 'branch', key: branch.key, reason: reasonOf(branch.condition.kind) };
}

function wake(walk: Walk, place: Place): Step {
  const { node, next } = place;
  const { pending } = walk.context;
  forget(walk);
  switch (pending?.kind) {
    case 'entry':
      return goOn(walk, node.key, exitReasonAtEntry(walk));
    case 'exit':
      return exitEarly(walk, node.key, pending.reason);
    case 'branch':
      // The branch may have been removed meanwhile.
      if (walk.journey.branches.has(pending.key)) return take(walk, place, pending);
      break;
    case undefined:
  }
  if (node.kind === 'wait_until') return expire(walk, place, node);
  walk.tell(node.key, 'waited');
  return goOn(walk, next);
}

function expire(walk: Walk, place: Place, { key, expiration }: WaitUntilNode): Step {
  // It was made to wait for ever while this run was waiting.
  if (expiration === null) return walk.stand(key, null);
  if (expiration.exits) return exitEarly(walk, key, 'expired');
  if (expiration.branch !== null) return take(walk, place, { key: expiration.branch.key, reason: 'expired' });
  walk.tell(key, 'waited', { reason: 'expired' });
  return goOn(walk, place.next);
}

function take(
  walk: Walk,
  { node }: Place,
  { key, reason }: { readonly key: number; readonly reason: string },
): Step {
  return goOn(walk, takeBranch(walk, node, key, reason));
}

/** From a node on, up to where the run must wait. `exit`: why it leaves behind the first step. */
function goOn(walk: Walk, from: number | null, exit: ExitReason | null = null): Step {
  // Noted of the node that it leaves.
  forget(walk);
  let at = from;
  while (at !== null) {
    const place = walk.journey.places.get(at);
    if (place === undefined) throw new Error(`the way leads to node ${at}, which is not there`);
    const passing = arrive(walk, place);
    if (passing.kind === 'exits') return exitEarly(walk, at, passing.reason);
    if (exit !== null) return exitEarly(walk, at, exit);
    if (passing.kind === 'waits') return walk.stand(at, passing.wakeAt);
    at = passing.to;
  }
  walk.tell(0, 'completed');
  return walk.finish();
}

/** What was noted while nobody moved is done with. */
function forget(walk: Walk): void {
  if (walk.context.pending === undefined) return;
  const { pending: _, ...context } = walk.context;
  walk.context = context;
}
