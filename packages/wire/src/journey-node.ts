import { Type } from 'typebox';
import type { Static } from 'typebox';
import { journeyCondition } from './journey-condition.ts';

const textOrNull = Type.Union([Type.String(), Type.Null()]);

const common = { id: Type.String(), annotation: textOrNull, client_node_id: textOrNull };

const timeOfDay = Type.Object({
  hour: Type.Integer({ minimum: 0, maximum: 23 }),
  minute: Type.Optional(Type.Integer({ minimum: 0, maximum: 59 })),
});

/** One that does not end after its start ends on the next day. */
export const timeWindow = Type.Object({
  start: timeOfDay,
  end: timeOfDay,
  /** 1 is Monday; null or absent: every day. */
  day_of_week: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 7 }), Type.Null()])),
});

/** Where the time comes from that is waited for. Ours. */
export const dateSource = Type.Object({
  kind: Type.Union([Type.Literal('event_property'), Type.Literal('tag')]),
  key: Type.String(),
});

export const tagAssignments = Type.Record(Type.String(), Type.String());

export const windowRelativeTo = Type.Union([
  Type.Literal('schedule_in_timezone'),
  Type.Literal('last_active_time'),
]);

const branch = { id: Type.String(), nodes: Type.Array(Type.Ref('JourneyNode')) };

const kinds = Type.Union([
  Type.Object({ ...common, kind: Type.Literal('wait'), duration_seconds: Type.Integer() }),
  Type.Object({
    ...common,
    kind: Type.Literal('wait_until'),
    branches: Type.Array(Type.Object({ ...branch, condition: journeyCondition })),
    expiration: Type.Union([
      Type.Object({
        duration_seconds: Type.Integer(),
        exits: Type.Boolean(),
        branch: Type.Union([Type.Object(branch), Type.Null()]),
      }),
      Type.Null(),
    ]),
  }),
  Type.Object({
    ...common,
    kind: Type.Literal('wait_until_date'),
    source: dateSource,
    offset_seconds: Type.Integer(),
    otherwise: Type.Union([Type.Literal('continue'), Type.Literal('exit')]),
  }),
  Type.Object({
    ...common,
    kind: Type.Literal('time_window'),
    relative_to: windowRelativeTo,
    windows: Type.Array(timeWindow),
    time_zone: textOrNull,
    use_user_time_zone: Type.Boolean(),
  }),
  /** template_id and webhook_id: null while a draft names none. */
  Type.Object({ ...common, kind: Type.Literal('send_push'), template_id: textOrNull }),
  Type.Object({ ...common, kind: Type.Literal('send_email'), template_id: textOrNull }),
  Type.Object({ ...common, kind: Type.Literal('send_sms'), template_id: textOrNull }),
  Type.Object({ ...common, kind: Type.Literal('send_webhook'), webhook_id: textOrNull }),
  Type.Object({ ...common, kind: Type.Literal('tag'), assignments: tagAssignments }),
  Type.Object({
    ...common,
    kind: Type.Literal('split_range'),
    randomize_on_entry: Type.Boolean(),
    branches: Type.Array(Type.Object({ ...branch, weight: Type.Integer() })),
  }),
  /** Two branches: the first, whose condition is asked, and the second, which has none. */
  Type.Object({
    ...common,
    kind: Type.Literal('yes_no'),
    branches: Type.Array(Type.Object({ ...branch, condition: Type.Union([journeyCondition, Type.Null()]) })),
  }),
  Type.Object({ ...common, kind: Type.Literal('exit') }),
]);

const journeyNode = Type.Cyclic({ JourneyNode: kinds }, 'JourneyNode');
/** A node of a journey, with the nodes of its branches. */
export type JourneyNode = Static<typeof journeyNode>;

/**
 * A node as an answer has it, of which the shape is known to be right. To find out again which kind each
 * node is, all that is inside it would be looked through, once for each level above: 60 ms for a deep journey.
 */
export const shownNode = Type.Unsafe<JourneyNode>({
  type: 'object',
  additionalProperties: true,
  description: 'A node, as docs/reference/journey.schema.json describes those that are sent, with its id.',
});
