import { Type } from 'typebox';
import type { Static } from 'typebox';
import { attributeGroups, journeyEvent, journeyEventInput } from './journey-event.ts';

const action = Type.Union([Type.Literal('received'), Type.Literal('clicked'), Type.Literal('opened')]);

/** When a branch is taken. */
export const journeyCondition = Type.Union([
  /** In any of them. */
  Type.Object({
    kind: Type.Literal('segment_membership'),
    included_segment_ids: Type.Array(Type.String()),
  }),
  /** What the user did with the message of an earlier node. */
  Type.Object({
    kind: Type.Literal('on_notification_action'),
    action,
    sending_node_id: Type.String(),
  }),
  Type.Object({ kind: Type.Literal('event_trigger'), ...journeyEvent.properties }),
  /** Ours: about the event that let the user in. */
  Type.Object({ kind: Type.Literal('entry_event'), attributes: attributeGroups }),
]);
export type JourneyCondition = Static<typeof journeyCondition>;

/** As `journeyCondition`, as it is written. */
export const journeyConditionInput = Type.Union([
  Type.Object({
    kind: Type.Literal('segment_membership'),
    included_segment_ids: Type.Optional(Type.Array(Type.String())),
  }),
  Type.Object({
    kind: Type.Literal('on_notification_action'),
    action,
    sending_node_id: Type.Optional(Type.String()),
    /** Instead of the id. */
    client_node_id: Type.Optional(Type.String()),
  }),
  Type.Object({ kind: Type.Literal('event_trigger'), ...journeyEventInput.properties }),
  Type.Object({ kind: Type.Literal('entry_event'), attributes: attributeGroups }),
]);
