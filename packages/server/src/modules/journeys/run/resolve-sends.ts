import { newTimedId } from '../../../platform/ids.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { Journey } from '../definition/definition.ts';
import type { MovedRun, SendRow } from './run-store.ts';
import type { Effect, Step } from './step.ts';

/** A step together with whom it is about. */
export interface PendingStep extends Step {
  readonly user: UserPlace;
  readonly runId: string;
  /** The rev that the step was computed on; 0 for a run that begins. */
  readonly seenRev: number;
  /** Null for a run that is stopped because its journey is not active: it has no effects. */
  readonly journey: Journey | null;
}

/** What effects need to know, asked once for a whole batch. */
export interface SendFacts {
  /** Reachable email subscriptions of a user, in ascending order. */
  targets(appId: string, user: UserPlace): readonly string[];
  /** Id of what a template says now; undefined when it is gone. */
  contentId(appId: string, templateId: string): string | undefined;
}

/**
 * Turns effects into messages. An effect that would reach nobody, or whose template is gone, turns its
 * line of the trace from `sent` to `skipped`; the way goes on either way.
 */
export function resolveSends(pending: PendingStep, facts: SendFacts, now: number): MovedRun {
  const { user, runId, seenRev, next, trace, effects, journey } = pending;
  const steps = trace.map((line) => line.step);
  const messages: (string | null)[] = trace.map(() => null);
  const sends: SendRow[] = [];
  for (const effect of effects) {
    const line = effect.rev - seenRev - 1;
    const send = journey && makeSend(journey, user, effect, trace[line]?.node, facts, now);
    if (send) {
      messages[line] = send.message_id;
      sends.push(send);
    } else {
      steps[line] = 'skipped';
    }
  }
  return {
    lane: user.lane,
    id: runId,
    seen_rev: seenRev,
    node: next?.node ?? null,
    wake_at: next === null ? null : new Date(next.wakeAt).toISOString(),
    nodes: trace.map((line) => line.node),
    steps,
    messages,
    sends: sends.length > 0 ? sends : null,
  };
}

function makeSend(
  journey: Journey,
  user: UserPlace,
  effect: Effect,
  node: number | undefined,
  facts: SendFacts,
  now: number,
): SendRow | null {
  const contentId = facts.contentId(journey.appId, effect.templateId);
  const targets = facts.targets(journey.appId, user);
  if (contentId === undefined || targets.length === 0) return null;
  return {
    message_id: newTimedId(now),
    name: journey.name,
    node_id: journey.definition.nodes.find(({ key }) => key === node)?.id,
    template_id: effect.templateId,
    content_id: contentId,
    targets,
  };
}
