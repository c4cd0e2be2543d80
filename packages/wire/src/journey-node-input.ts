import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field, textField } from './field.ts';
import { journeyConditionInput } from './journey-condition.ts';
import { dateSource, tagAssignments, timeWindow, windowRelativeTo } from './journey-node.ts';

const common = {
  /** Of a node that the journey has already: it keeps its place in traces and counts. */
  id: Type.Optional(Type.String()),
  annotation: field(Type.String({ maxLength: 255 })),
  client_node_id: field(Type.String({ maxLength: 255 })),
};

const seconds = Type.Integer({ minimum: 60, maximum: 31_556_952 });
const weight = Type.Integer({ minimum: 0, maximum: 100 });
const branch = {
  id: Type.Optional(Type.String()),
  nodes: Type.Optional(Type.Array(Type.Ref('JourneyNodeInput'))),
};
/** Absent while a draft names none. */
const choice = textField;

const kinds = Type.Union([
  Type.Object({ ...common, kind: Type.Literal('wait'), duration_seconds: seconds }),
  Type.Object({
    ...common,
    kind: Type.Literal('wait_until'),
    branches: Type.Array(Type.Object({ ...branch, condition: journeyConditionInput }), {
      minItems: 1,
      maxItems: 10,
    }),
    expiration: field(
      Type.Object({
        duration_seconds: seconds,
        exits: Type.Optional(Type.Boolean()),
        branch: field(Type.Object(branch)),
      }),
    ),
  }),
  Type.Object({
    ...common,
    kind: Type.Literal('wait_until_date'),
    source: dateSource,
    offset_seconds: Type.Optional(Type.Integer()),
    otherwise: Type.Optional(Type.Union([Type.Literal('continue'), Type.Literal('exit')])),
  }),
  Type.Object({
    ...common,
    kind: Type.Literal('time_window'),
    relative_to: windowRelativeTo,
    windows: Type.Optional(Type.Array(timeWindow)),
    time_zone: textField,
    use_user_time_zone: Type.Optional(Type.Boolean()),
  }),
  Type.Object({ ...common, kind: Type.Literal('send_push'), template_id: choice }),
  Type.Object({ ...common, kind: Type.Literal('send_email'), template_id: choice }),
  Type.Object({ ...common, kind: Type.Literal('send_sms'), template_id: choice }),
  Type.Object({ ...common, kind: Type.Literal('send_webhook'), webhook_id: choice }),
  Type.Object({ ...common, kind: Type.Literal('tag'), assignments: tagAssignments }),
  Type.Object({
    ...common,
    kind: Type.Literal('split_range'),
    randomize_on_entry: Type.Optional(Type.Boolean()),
    branches: Type.Array(Type.Object({ ...branch, weight }), { minItems: 2, maxItems: 20 }),
  }),
  Type.Object({
    ...common,
    kind: Type.Literal('yes_no'),
    branches: Type.Array(
      Type.Object({
        ...branch,
        condition: field(journeyConditionInput),
      }),
      { minItems: 2, maxItems: 2 },
    ),
  }),
  Type.Object({ ...common, kind: Type.Literal('exit') }),
]);

/** A node as it is written. */
export const journeyNodeInput = Type.Cyclic({ JourneyNodeInput: kinds }, 'JourneyNodeInput');
export type JourneyNodeInput = Static<typeof journeyNodeInput>;
