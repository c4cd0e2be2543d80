import { namedBy } from './journey-facts.ts';
import type { JourneyFacts, TemplateFact } from './journey-facts.ts';
import type { Definition } from '../definition.ts';

/** What the modules before this one know of what journeys name; null for what is not there. */
export interface NamedSources {
  readonly template: (appId: string, id: string) => Promise<TemplateFact | null>;
  readonly segment: (appId: string, id: string) => Promise<{ readonly isActive: boolean } | null>;
  readonly webhook: (appId: string, id: string) => Promise<{ readonly isActive: boolean } | null>;
}

/** Looks up everything that a journey names, each thing once. */
export async function gatherFacts(
  appId: string,
  definition: Definition,
  sources: NamedSources,
): Promise<JourneyFacts> {
  const { templateIds, segmentIds, webhookIds } = namedBy(definition);
  const [templates, segments, webhooks] = await Promise.all([
    found(templateIds, (id) => sources.template(appId, id)),
    found(segmentIds, (id) => sources.segment(appId, id)),
    found(webhookIds, (id) => sources.webhook(appId, id)),
  ]);
  return { templates, segments, webhooks };
}

async function found<Fact>(
  ids: readonly string[],
  find: (id: string) => Promise<Fact | null>,
): Promise<ReadonlyMap<string, Fact>> {
  const facts = await Promise.all(ids.map(async (id) => [id, await find(id)] as const));
  return new Map(facts.flatMap(([id, fact]) => (fact === null ? [] : [[id, fact] as const])));
}
