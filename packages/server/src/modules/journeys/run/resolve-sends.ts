import { newTimedId } from '../../../platform/ids.ts';
import type { UserPlace } from '../../identity/index.ts';
import type { Journey } from '../definition/definition.ts';
import type { SendRow, TraceRow } from './run-store.ts';
import type { Effect, RunContext, TraceLine } from './step.ts';

/** A step together with whom and what it is about. */
export interface PendingStep {
  readonly user: UserPlace;
  readonly runId: string;
  /** Null for a run that is stopped because its journey is not active: it has no effects. */
  readonly journey: Journey | null;
  readonly context: RunContext;
  readonly trace: readonly TraceLine[];
  readonly effects: readonly Effect[];
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
export function resolveSends(
  pending: PendingStep,
  facts: SendFacts,
  now: number,
): { trace: TraceRow[]; sends: SendRow[] } {
  const sends: SendRow[] = [];
  const trace = pending.trace.map(({ rev, node, step }): TraceRow => {
    const effect = pending.effects.find((effect) => effect.rev === rev);
    if (effect === undefined) return { rev, node, step, message_id: null };
    const send = pending.journey && makeSend(pending, pending.journey, effect, node, facts, now);
    if (!send) return { rev, node, step: 'skipped', message_id: null };
    sends.push(send);
    return { rev, node, step, message_id: send.message_id };
  });
  return { trace, sends };
}

function makeSend(
  { user, runId, context }: PendingStep,
  journey: Journey,
  effect: Effect,
  node: number,
  facts: SendFacts,
  now: number,
): SendRow | null {
  const contentId = facts.contentId(journey.appId, effect.templateId);
  const targets = facts.targets(journey.appId, user);
  if (contentId === undefined || targets.length === 0) return null;
  const nodeId = journey.definition.nodes.find(({ key }) => key === node)?.id;
  return {
    message_id: newTimedId(now),
    name: journey.name,
    template_id: effect.templateId,
    content_id: contentId,
    custom_data: { journey: presentForLiquid(journey.name, context) },
    request: { journey_id: journey.id, node_id: nodeId, run_id: runId },
    targets,
  };
}

/** The members of Liquid's `journey`: name, first_event, last_event, event by name, all_events. */
function presentForLiquid(name: string, { events }: RunContext): object {
  const all = events.map(({ name, properties, timestamp }) => ({ name, properties, timestamp }));
  return {
    name,
    first_event: all[0] ?? null,
    last_event: all.at(-1) ?? null,
    event: Object.fromEntries(all.map((event) => [event.name, event])),
    all_events: all,
  };
}
