import type { JourneyCondition, JourneyNode as WireNode } from '@carillon/wire';
import type { Branch, Condition, JourneyNode } from '../definition/definition.ts';
import { walkNodes } from '../definition/walk-nodes.ts';
import { presentAttributes, presentEvent } from './present-event.ts';

/** Ids of nodes by their keys. */
type Ids = ReadonlyMap<number, string>;

/** Nodes as the API shows them, with those of their branches. */
export function presentNodes(nodes: readonly JourneyNode[]): WireNode[] {
  const ids = new Map([...walkNodes(nodes)].map((node) => [node.key, node.id]));
  return nodes.map((node) => presentNode(node, ids));
}

function presentNode(node: JourneyNode, ids: Ids): WireNode {
  const common = { id: node.id, annotation: node.annotation, client_node_id: node.clientNodeId };
  switch (node.kind) {
    case 'wait':
      return { ...common, kind: node.kind, duration_seconds: node.durationSeconds };
    case 'wait_until':
      return {
        ...common,
        kind: node.kind,
        branches: node.branches.map((branch) => ({
          ...presentBranch(branch, ids),
          condition: presentCondition(branch.condition, ids),
        })),
        expiration: node.expiration && {
          duration_seconds: node.expiration.durationSeconds,
          exits: node.expiration.exits,
          branch: node.expiration.branch && presentBranch(node.expiration.branch, ids),
        },
      };
    case 'wait_until_date': {
      const { kind, source, offsetSeconds, otherwise } = node;
      return { ...common, kind, source: { ...source }, offset_seconds: offsetSeconds, otherwise };
    }
    case 'time_window':
      return {
        ...common,
        kind: node.kind,
        relative_to: node.relativeTo,
        windows: node.windows.map(({ start, end, dayOfWeek }) => ({
          start: { ...start },
          end: { ...end },
          day_of_week: dayOfWeek,
        })),
        time_zone: node.timeZone,
        use_user_time_zone: node.useUserTimeZone,
      };
    case 'send_push':
    case 'send_email':
    case 'send_sms':
      return { ...common, kind: node.kind, template_id: node.templateId || null };
    case 'send_webhook':
      return { ...common, kind: node.kind, webhook_id: node.webhookId || null };
    case 'tag':
      return { ...common, kind: node.kind, assignments: { ...node.assignments } };
    case 'split_range':
      return {
        ...common,
        kind: node.kind,
        randomize_on_entry: node.randomizeOnEntry,
        branches: node.branches.map((branch) => ({
          ...presentBranch(branch, ids),
          weight: branch.weight,
        })),
      };
    case 'yes_no':
      return {
        ...common,
        kind: node.kind,
        branches: [
          { ...presentBranch(node.yes, ids), condition: presentCondition(node.condition, ids) },
          { ...presentBranch(node.no, ids), condition: null },
        ],
      };
    case 'exit':
      return { ...common, kind: node.kind };
  }
}

function presentBranch({ id, nodes }: Branch, ids: Ids) {
  return { id, nodes: nodes.map((node) => presentNode(node, ids)) };
}

function presentCondition(condition: Condition, ids: Ids): JourneyCondition {
  switch (condition.kind) {
    case 'segment_membership':
      return { kind: condition.kind, included_segment_ids: [...condition.segmentIds] };
    case 'on_notification_action': {
      const { kind, action, sendingNodeKey } = condition;
      return { kind, action, sending_node_id: ids.get(sendingNodeKey) ?? '' };
    }
    case 'event_trigger':
      return { kind: condition.kind, ...presentEvent(condition.event) };
    case 'entry_event':
      return { kind: condition.kind, attributes: presentAttributes(condition.attributes) };
  }
}
