import type { Condition, Definition, JourneyNode } from '../definition.ts';
import { walkNodes } from '../walk-nodes.ts';

/** What a journey names and other modules have. */
export interface NamedThings {
  readonly templateIds: readonly string[];
  readonly segmentIds: readonly string[];
  readonly webhookIds: readonly string[];
}

export interface TemplateFact {
  readonly channel: 'push' | 'email' | 'sms';
  /** It reads events that a run keeps: `journey.first_event` and the like. */
  readonly readsEvents: boolean;
}

/** Of those that the journey names; what is not in a map does not exist. */
export interface JourneyFacts {
  readonly templates: ReadonlyMap<string, TemplateFact>;
  readonly segments: ReadonlyMap<string, { readonly isActive: boolean }>;
  readonly webhooks: ReadonlyMap<string, { readonly isActive: boolean }>;
}

/** Everything that has to be looked up to say whether a journey can go live. */
export function namedBy({ audience, earlyExit, nodes }: Definition): NamedThings {
  const all = [...walkNodes(nodes)];
  const ofAudience =
    audience.kind === 'segment' ? [...audience.includedSegmentIds, ...audience.excludedSegmentIds] : [];
  const ofConditions = all
    .flatMap(conditionsOf)
    .flatMap((condition) => (condition.kind === 'segment_membership' ? condition.segmentIds : []));
  return {
    templateIds: distinct(all.flatMap((node) => ('templateId' in node ? [node.templateId] : []))),
    segmentIds: distinct([...ofAudience, ...(earlyExit?.onSegmentIds ?? []), ...ofConditions]),
    webhookIds: distinct(all.flatMap((node) => (node.kind === 'send_webhook' ? [node.webhookId] : []))),
  };
}

/** What a node asks, in the order of its branches. */
export function conditionsOf(node: JourneyNode): readonly Condition[] {
  if (node.kind === 'yes_no') return [node.condition];
  return node.kind === 'wait_until' ? node.branches.map(({ condition }) => condition) : [];
}

/** '' is chosen nothing yet. */
function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== '');
}
