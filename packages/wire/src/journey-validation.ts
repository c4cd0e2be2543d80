import { Type } from 'typebox';
import type { Static } from 'typebox';

/** Something that is wrong with a journey, where, and what to do about it. */
export const journeyComplaint = Type.Object({
  /** Absent where it is about no node. */
  node_id: Type.Optional(Type.String()),
  client_node_id: Type.Optional(Type.String()),
  /** Of the member, as the journey is shown: `nodes[0].template_id`. */
  path: Type.String(),
  problem: Type.String(),
  fix: Type.String(),
});
export type JourneyComplaint = Static<typeof journeyComplaint>;

/** POST /apps/{app_id}/journeys/{journey_id}/validate */
export const journeyValidation = Type.Object({
  /** Nothing keeps it from going live. */
  valid: Type.Boolean(),
  errors: Type.Array(journeyComplaint),
  /** What only looks like a mistake. */
  warnings: Type.Array(journeyComplaint),
});
export type JourneyValidation = Static<typeof journeyValidation>;
