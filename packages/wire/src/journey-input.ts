import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field } from './field.ts';
import { attributeGroups, journeyEventInput } from './journey-event.ts';
import { tagAssignments } from './journey-node.ts';
import { journeyNodeInput } from './journey-node-input.ts';

const ids = Type.Optional(Type.Array(Type.String()));

const audience = Type.Union([
  Type.Object({
    kind: Type.Literal('segment'),
    included_segment_ids: ids,
    excluded_segment_ids: ids,
    future_additions_only: Type.Optional(Type.Boolean()),
  }),
  Type.Object({
    kind: Type.Literal('event_trigger'),
    name: Type.String({ maxLength: 255 }),
    attributes: Type.Optional(attributeGroups),
    run_key: field(Type.String({ maxLength: 255 })),
  }),
]);

const earlyExit = Type.Object({
  rules: Type.Optional(
    Type.Object({
      on_segment: field(Type.Object({ included_segment_ids: Type.Array(Type.String()) })),
      when_not_in_audience: Type.Optional(Type.Boolean()),
      on_session: Type.Optional(Type.Boolean()),
      on_event: field(journeyEventInput),
    }),
  ),
  tag_on_early_exit: Type.Optional(tagAssignments),
});

/** A journey as it is written: what POST takes, and what a journey file says. */
export const journeyInput = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 300 }),
  description: field(Type.String({ maxLength: 1_024 })),
  audience,
  early_exit: field(earlyExit),
  reentry_rules: field(Type.Object({ duration_seconds: Type.Integer({ minimum: 600 }) })),
  schedule: field(
    Type.Object({
      start_at: field(Type.String({ format: 'date-time' })),
      stop_at: field(Type.String({ format: 'date-time' })),
    }),
  ),
  goal: field(
    Type.Object({
      event: journeyEventInput,
      within_seconds: Type.Integer({ minimum: 60, maximum: 31_556_952 }),
    }),
  ),
  hold_out_percent: Type.Optional(Type.Integer({ minimum: 0, maximum: 99 })),
  nodes: Type.Array(journeyNodeInput),
});
export type JourneyInput = Static<typeof journeyInput>;
