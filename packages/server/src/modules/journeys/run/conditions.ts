import type { Condition } from '../definition/definition.ts';
import type { Input, MessageAction } from './run.ts';
import { hasAttributes, isEvent } from './test-event.ts';
import type { Walk } from './walk.ts';

/** Whoever has clicked a message has opened it, and whoever has opened it has received it. */
const SHOWN_BY: Readonly<Record<MessageAction, readonly MessageAction[]>> = {
  received: ['received', 'opened', 'clicked'],
  opened: ['opened', 'clicked'],
  clicked: ['clicked'],
};

/** Whether a condition is true of a run that comes to a wait until: an event is one that comes later. */
export function isTrueOnArrival(condition: Condition, walk: Walk): boolean {
  return condition.kind !== 'event_trigger' && isTrue(condition, walk);
}

/** Whether a condition is true now: of an event, that the run has kept it. */
export function isTrue(condition: Condition, { context, facts, entry }: Walk): boolean {
  switch (condition.kind) {
    case 'segment_membership':
      return condition.segmentIds.some((id) => facts.memberships.has(id));
    case 'on_notification_action': {
      const messageId = context.sent?.[condition.sendingNodeKey];
      const done = messageId === undefined ? undefined : facts.actions.get(messageId);
      return done !== undefined && SHOWN_BY[condition.action].some((action) => done.has(action));
    }
    case 'event_trigger':
      return context.events.some((event) => isEvent(condition.event, event, entry));
    case 'entry_event':
      return entry !== null && hasAttributes(entry.properties, condition.attributes);
  }
}

/** Whether what has come makes a condition true for a run that waits for it. */
export function comesTrue(condition: Condition, input: Input, { entry }: Walk): boolean {
  switch (input.kind) {
    case 'event':
      return condition.kind === 'event_trigger' && isEvent(condition.event, input.event, entry);
    case 'segments':
      return (
        condition.kind === 'segment_membership' &&
        condition.segmentIds.some((id) => input.entered.includes(id))
      );
    case 'message':
      return (
        condition.kind === 'on_notification_action' &&
        condition.sendingNodeKey === input.node &&
        SHOWN_BY[condition.action].includes(input.action)
      );
    case 'enter':
    case 'timer':
    case 'session':
    case 'stop':
      return false;
  }
}
