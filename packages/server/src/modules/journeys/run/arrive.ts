import type {
  ConditionBranch,
  JourneyNode,
  TimeWindowNode,
  WaitUntilDateNode,
  WaitUntilNode,
} from '../definition/definition.ts';
import { chooseBranch, spreadOver } from './chance.ts';
import { isTrue, isTrueOnArrival } from './conditions.ts';
import type { Place } from './compile-definition.ts';
import { doTask } from './do-task.ts';
import { nextTimeLike, openingAt } from './next-window.ts';
import { parseMoment } from './parse-moment.ts';
import { valueAt } from './test-event.ts';
import type { Passing, Walk } from './walk.ts';

/** Users who wait for a window are let on over this time. */
const SPREAD_MS = 15 * 60_000;

/** A run comes to a node: it is passed, left by a branch, or waited at. */
export function arrive(walk: Walk, place: Place): Passing {
  const { node, next } = place;
  switch (node.kind) {
    case 'wait':
      return { kind: 'waits', wakeAt: walk.now + node.durationSeconds * 1_000 };
    case 'wait_until':
      return arriveAtWaitUntil(walk, node);
    case 'wait_until_date':
      return arriveAtDate(walk, node, next);
    case 'time_window':
      return arriveAtWindow(walk, node, next);
    case 'yes_no': {
      const { condition, yes, no } = node;
      const isYes = isTrue(condition, walk);
      const reason = isYes ? reasonOf(condition.kind) : 'otherwise';
      return { kind: 'on', to: takeBranch(walk, node, isYes ? yes.key : no.key, reason) };
    }
    case 'split_range': {
      const { journeyId, run } = walk;
      const branch = chooseBranch(node, { journeyId, runId: run.id, userId: run.userId });
      return { kind: 'on', to: takeBranch(walk, node, branch.key, 'split') };
    }
    case 'send_push':
    case 'send_email':
    case 'send_sms':
    case 'send_webhook':
    case 'tag':
      return doTask(walk, node, place);
    case 'exit':
      walk.tell(node.key, 'passed');
      return { kind: 'on', to: null };
  }
}

/** Leaves a node by one of its branches; where that leads. */
export function takeBranch(walk: Walk, node: JourneyNode, branch: number, reason: string): number | null {
  walk.tell(node.key, 'branched', { branch, reason });
  return walk.journey.branches.get(branch) ?? null;
}

/** In the words of the trace. */
export function reasonOf(kind: ConditionBranch['condition']['kind']): string {
  switch (kind) {
    case 'segment_membership':
      return 'segment';
    case 'on_notification_action':
      return 'message';
    case 'event_trigger':
      return 'event';
    case 'entry_event':
      return 'entry event';
  }
}

function arriveAtWaitUntil(walk: Walk, node: WaitUntilNode): Passing {
  const branch = node.branches.find(({ condition }) => isTrueOnArrival(condition, walk));
  if (branch !== undefined) {
    return { kind: 'on', to: takeBranch(walk, node, branch.key, reasonOf(branch.condition.kind)) };
  }
  const { expiration } = node;
  return {
    kind: 'waits',
    wakeAt: expiration === null ? null : walk.now + expiration.durationSeconds * 1_000,
  };
}

function arriveAtDate(walk: Walk, node: WaitUntilDateNode, next: number | null): Passing {
  const { source, offsetSeconds, otherwise } = node;
  const value =
    source.kind === 'tag' ? walk.tags[source.key] : valueAt(walk.entry?.properties ?? {}, source.key);
  const moment = parseMoment(value);
  const wakeAt = moment === null ? null : moment + offsetSeconds * 1_000;
  if (wakeAt !== null && wakeAt > walk.now) return { kind: 'waits', wakeAt };
  const reason = wakeAt === null ? 'no date' : 'date passed';
  if (otherwise === 'exit') return { kind: 'exits', reason };
  walk.tell(node.key, 'passed', { reason });
  return { kind: 'on', to: next };
}

function arriveAtWindow(walk: Walk, node: TimeWindowNode, next: number | null): Passing {
  const { facts, now, run } = walk;
  const zone = (node.useUserTimeZone ? facts.timeZone : null) ?? node.timeZone ?? facts.appTimeZone;
  if (node.relativeTo === 'last_active_time' && facts.lastActive !== null) {
    const wakeAt = nextTimeLike(node.windows, zone, facts.lastActive, now);
    if (wakeAt !== null && wakeAt > now) return { kind: 'waits', wakeAt };
  }
  const opening = openingAt(node.windows, zone, now);
  if (opening !== null && opening.start > now) {
    const spread = Math.min(SPREAD_MS, opening.end - opening.start);
    return { kind: 'waits', wakeAt: opening.start + spreadOver(spread, run.id, node.key) };
  }
  walk.tell(node.key, 'passed', { reason: opening === null ? 'no window' : 'in the window' });
  return { kind: 'on', to: next };
}
