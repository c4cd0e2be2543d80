import type { Journey as WireJourney, JourneySummary } from '@carillon/wire';
import { concurrencyKey } from './definition/change-journey.ts';
import type { Journey, JourneyNode } from './definition/definition.ts';

/** A journey as the API shows it. */
export function presentJourney(journey: Journey): WireJourney {
  const { audience, nodes } = journey.definition;
  return {
    ...presentSummary(journey),
    description: journey.description,
    audience: { ...audience },
    nodes: nodes.map(presentNode),
    early_exit: null,
    reentry_rules: null,
    schedule: null,
    concurrency_key: concurrencyKey(journey),
  };
}

export function presentSummary(journey: Journey): JourneySummary {
  return {
    id: journey.id,
    app_id: journey.appId,
    name: journey.name,
    state: journey.state,
    audience: { kind: journey.definition.audience.kind },
    created_at: journey.createdAt.toISOString(),
    updated_at: journey.updatedAt.toISOString(),
    started_at: journey.startedAt?.toISOString() ?? null,
    archived_at: journey.archivedAt?.toISOString() ?? null,
    created_source: 'public_api',
  };
}

function presentNode(node: JourneyNode): WireJourney['nodes'][number] {
  const common = { id: node.id, annotation: node.annotation, client_node_id: node.clientNodeId };
  switch (node.kind) {
    case 'wait':
      return { ...common, kind: 'wait', duration_seconds: node.durationSeconds };
    case 'send_email':
      return { ...common, kind: 'send_email', template_id: node.templateId };
  }
}
