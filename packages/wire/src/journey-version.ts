import { Type } from 'typebox';
import type { Static } from 'typebox';
import { field } from './field.ts';
import { journey } from './journey.ts';

const { audience, early_exit, reentry_rules, goal, hold_out_percent, nodes } = journey.properties;

const summary = {
  version: Type.Integer(),
  published_at: Type.String({ format: 'date-time' }),
};

/** GET /apps/{app_id}/journeys/{journey_id}/versions/{version}: what the journey was. */
export const journeyVersion = Type.Object({
  ...summary,
  audience,
  early_exit,
  reentry_rules,
  goal,
  hold_out_percent,
  nodes,
});
export type JourneyVersion = Static<typeof journeyVersion>;

/** GET /apps/{app_id}/journeys/{journey_id}/versions: newest first. */
export const journeyVersionPage = Type.Object({
  versions: Type.Array(Type.Object(summary)),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type JourneyVersionPage = Static<typeof journeyVersionPage>;

/** POST /apps/{app_id}/journeys/{journey_id}/duplicate */
export const duplicateJourneyBody = Type.Object(
  {
    /** `Copy of` and the name it has, when absent. */
    name: field(Type.String({ minLength: 1, maxLength: 300 })),
    /** What it was at this version; what it is now when absent. */
    from_version: field(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type DuplicateJourneyBody = Static<typeof duplicateJourneyBody>;
