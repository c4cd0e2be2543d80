import { Type } from 'typebox';
import type { Static } from 'typebox';

const nodeCommon = {
  id: Type.String(),
  annotation: Type.Union([Type.String(), Type.Null()]),
  client_node_id: Type.Union([Type.String(), Type.Null()]),
};

const journeyNode = Type.Union([
  Type.Object({ ...nodeCommon, kind: Type.Literal('wait'), duration_seconds: Type.Integer() }),
  Type.Object({ ...nodeCommon, kind: Type.Literal('send_email'), template_id: Type.String() }),
]);

const time = Type.String({ format: 'date-time' });

const summaryFields = {
  id: Type.String(),
  app_id: Type.String(),
  name: Type.String(),
  state: Type.Union([Type.Literal('draft'), Type.Literal('active'), Type.Literal('archived')]),
  created_at: time,
  updated_at: time,
  started_at: Type.Union([time, Type.Null()]),
  archived_at: Type.Union([time, Type.Null()]),
  created_source: Type.Literal('public_api'),
};

/** An entry of GET /apps/{app_id}/journeys */
export const journeySummary = Type.Object({
  ...summaryFields,
  audience: Type.Object({ kind: Type.Literal('event_trigger') }),
});
export type JourneySummary = Static<typeof journeySummary>;

/** GET, POST and PATCH /apps/{app_id}/journeys answer with this. */
export const journey = Type.Object({
  ...summaryFields,
  description: Type.Union([Type.String(), Type.Null()]),
  audience: Type.Object({ kind: Type.Literal('event_trigger'), name: Type.String() }),
  nodes: Type.Array(journeyNode),
  early_exit: Type.Null(),
  reentry_rules: Type.Null(),
  schedule: Type.Null(),
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
