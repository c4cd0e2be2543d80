import { Type } from 'typebox';
import type { Static } from 'typebox';
import { attributeGroups, journeyEvent } from './journey-event.ts';
import { shownNode, tagAssignments } from './journey-node.ts';

const time = Type.String({ format: 'date-time' });
const timeOrNull = Type.Union([time, Type.Null()]);
const textOrNull = Type.Union([Type.String(), Type.Null()]);

export const journeyState = Type.Union([
  Type.Literal('draft'),
  /** Becomes active by itself at its time. */
  Type.Literal('scheduled'),
  /** It is made out who is in its segments; where they are its audience, they are let in. */
  Type.Literal('processing'),
  Type.Literal('active'),
  /** Ours: nobody enters and nobody moves. */
  Type.Literal('paused'),
  Type.Literal('archived'),
]);
export type JourneyState = Static<typeof journeyState>;

const summaryFields = {
  id: Type.String(),
  app_id: Type.String(),
  name: Type.String(),
  state: journeyState,
  created_at: time,
  updated_at: time,
  started_at: timeOrNull,
  archived_at: timeOrNull,
  created_source: Type.Literal('public_api'),
};

/** An entry of GET /apps/{app_id}/journeys */
export const journeySummary = Type.Object({
  ...summaryFields,
  audience: Type.Object({ kind: Type.Union([Type.Literal('segment'), Type.Literal('event_trigger')]) }),
});
export type JourneySummary = Static<typeof journeySummary>;

export const journeyAudience = Type.Union([
  Type.Object({
    kind: Type.Literal('segment'),
    included_segment_ids: Type.Array(Type.String()),
    excluded_segment_ids: Type.Array(Type.String()),
    future_additions_only: Type.Boolean(),
  }),
  Type.Object({
    kind: Type.Literal('event_trigger'),
    name: Type.String(),
    attributes: attributeGroups,
    /** Ours: one run for each user and value of this property. */
    run_key: textOrNull,
  }),
]);
export type JourneyAudience = Static<typeof journeyAudience>;

const earlyExit = Type.Object({
  rules: Type.Object({
    on_segment: Type.Union([Type.Object({ included_segment_ids: Type.Array(Type.String()) }), Type.Null()]),
    when_not_in_audience: Type.Boolean(),
    on_session: Type.Boolean(),
    on_event: Type.Union([journeyEvent, Type.Null()]),
  }),
  tag_on_early_exit: tagAssignments,
});

/** GET, POST and PATCH /apps/{app_id}/journeys answer with this. */
export const journey = Type.Object({
  ...summaryFields,
  description: textOrNull,
  audience: journeyAudience,
  early_exit: Type.Union([earlyExit, Type.Null()]),
  reentry_rules: Type.Union([Type.Object({ duration_seconds: Type.Integer() }), Type.Null()]),
  schedule: Type.Union([
    Type.Object({
      start_at: timeOrNull,
      stop_at: timeOrNull,
      /** Why a scheduled start did not happen. */
      error: textOrNull,
    }),
    Type.Null(),
  ]),
  /** Ours: an event that shows that the journey did what it was made for. */
  goal: Type.Union([Type.Object({ event: journeyEvent, within_seconds: Type.Integer() }), Type.Null()]),
  /** Ours: of those who enter, how many per cent go the way without any effect. */
  hold_out_percent: Type.Integer(),
  nodes: Type.Array(shownNode),
  /** Ours: how often it was published; 0: never. */
  version: Type.Integer(),
  /** Ours: it is not known yet who is in all the segments it names, and nobody moves until it is. */
  awaits_segments: Type.Boolean(),
  /** Send it back with a PATCH to be refused when somebody else has changed the journey meanwhile. */
  concurrency_key: Type.String(),
});
export type Journey = Static<typeof journey>;

/** A journey to create, or a merge patch of one. Its members are checked by the server, which names them. */
export const journeyBody = Type.Record(Type.String(), Type.Unknown());

export const journeyPage = Type.Object({
  journeys: Type.Array(journeySummary),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type JourneyPage = Static<typeof journeyPage>;
