import type { Condition } from '../definition.ts';
import type { Member } from './member.ts';
import type { NodeNames } from './node-names.ts';
import { EVENT_MEMBERS, parseAttributes, parseEventTest } from './parse-attributes.ts';
import { MOST_SEGMENTS } from './parse-audience.ts';

export function parseCondition(member: Member, names: NodeNames): Condition {
  const kind = member
    .at('kind')
    .oneOf(['segment_membership', 'on_notification_action', 'event_trigger', 'entry_event']);
  switch (kind) {
    case 'segment_membership':
      member.only('kind', 'included_segment_ids');
      return { kind, segmentIds: member.at('included_segment_ids').ids(MOST_SEGMENTS) };
    case 'on_notification_action':
      member.only('kind', 'action', 'sending_node_id', 'client_node_id');
      return {
        kind,
        action: member.at('action').oneOf(['received', 'clicked', 'opened']),
        sendingNodeKey: parseSendingNode(member, names),
      };
    case 'event_trigger':
      member.only('kind', ...EVENT_MEMBERS);
      return { kind, event: parseEventTest(member) };
    case 'entry_event':
      member.only('kind', 'attributes');
      return { kind, attributes: parseAttributes(member.at('attributes')) };
  }
}

function parseSendingNode(member: Member, names: NodeNames): number {
  const id = member.at('sending_node_id');
  const clientId = member.at('client_node_id');
  if (id.isAbsent && clientId.isAbsent) {
    throw id.refusal('is required: the id of the node that sends, or its client_node_id as client_node_id');
  }
  if (!id.isAbsent) {
    const key = names.keyOfId(id.id());
    if (key === undefined) throw id.refusal('is that of no node of this journey');
    return key;
  }
  const key = names.keyOfClientId(clientId.text(255));
  if (key === undefined) throw clientId.refusal('is that of no node of this journey');
  return key;
}
