import { isDeepStrictEqual } from 'node:util';
import type { Condition, Definition } from '../definition.ts';
import { checkMatch } from './check-exit.ts';
import { checkSegments } from './check-segments.ts';
import type { Tell } from './complaint.ts';
import { conditionsOf } from './journey-facts.ts';
import type { JourneyFacts } from './journey-facts.ts';
import type { PlacedNode } from './placed-node.ts';

/** What users can be seen doing with messages of each channel. */
const ACTIONS = {
  send_push: ['received', 'clicked'],
  send_email: ['received', 'opened', 'clicked'],
  send_sms: ['received', 'clicked'],
} as const;

/** What a node asks about its users. */
export function checkConditions(
  place: PlacedNode,
  definition: Definition,
  facts: JourneyFacts,
  tell: Tell,
): void {
  const conditions = conditionsOf(place.node);
  for (const [index, condition] of conditions.entries()) {
    const path = `${place.path}.branches[${index}].condition`;
    checkCondition(condition, path, { place, definition, facts }, tell);
    const same = conditions.slice(0, index).findIndex((earlier) => isDeepStrictEqual(earlier, condition));
    if (same >= 0) {
      tell(
        'warning',
        path,
        `it is the condition of branches[${same}] too, which is always taken first`,
        'change it, or remove the branch',
        place.node,
      );
    }
  }
}

interface Around {
  readonly place: PlacedNode;
  readonly definition: Definition;
  readonly facts: JourneyFacts;
}

function checkCondition(condition: Condition, path: string, around: Around, tell: Tell): void {
  const { place, definition, facts } = around;
  const { node } = place;
  switch (condition.kind) {
    case 'segment_membership':
      if (condition.segmentIds.length === 0) {
        const here = `${path}.included_segment_ids`;
        tell('error', here, 'it asks for no segment', 'name at least one segment', node);
      }
      checkSegments(condition.segmentIds, `${path}.included_segment_ids`, facts, tell, node);
      return;
    case 'on_notification_action':
      checkMessage(condition, path, place, tell);
      return;
    case 'event_trigger':
      checkMatch(condition.event, path, definition, tell, node);
      return;
    case 'entry_event':
      if (definition.audience.kind !== 'event_trigger') {
        tell(
          'error',
          path,
          'there is no event that let the user in: the audience is of segments',
          'ask for something else, or let users in by an event',
          node,
        );
      } else if (condition.attributes.length === 0) {
        const here = `${path}.attributes`;
        tell('error', here, 'it asks for nothing', 'add at least one test of a property', node);
      }
  }
}

function checkMessage(
  { action, sendingNodeKey }: Condition & { kind: 'on_notification_action' },
  path: string,
  { node, before }: PlacedNode,
  tell: Tell,
): void {
  const here = `${path}.sending_node_id`;
  const sending = [...before].find(({ key }) => key === sendingNodeKey);
  if (sending === undefined) {
    tell(
      'error',
      here,
      'no run has passed that node before',
      'name a message that comes before this node',
      node,
    );
    return;
  }
  if (sending.kind !== 'send_push' && sending.kind !== 'send_email' && sending.kind !== 'send_sms') {
    tell('error', here, `that node is a ${sending.kind}, and no message`, 'name a node that sends one', node);
    return;
  }
  const seen: readonly string[] = ACTIONS[sending.kind];
  if (!seen.includes(action)) {
    tell(
      'error',
      `${path}.action`,
      `of a ${sending.kind} nobody can tell that it was ${action}`,
      `choose one of ${seen.join(', ')}`,
      node,
    );
  }
}
