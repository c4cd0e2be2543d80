import { Type } from 'typebox';
import type { Static } from 'typebox';

/** What can be asked of a property of a custom event. */
export const attributeOperator = Type.Union([
  Type.Literal('equal'),
  Type.Literal('not_equal'),
  Type.Literal('less'),
  Type.Literal('less_or_equal'),
  Type.Literal('greater_or_equal'),
  Type.Literal('greater'),
  Type.Literal('is'),
  Type.Literal('is_not'),
  Type.Literal('exists'),
  Type.Literal('not_exists'),
  Type.Literal('before'),
  Type.Literal('after'),
]);

const attributeTest = Type.Object({
  /** Names with points between them: `items.0.sku`. */
  key: Type.String(),
  operator: attributeOperator,
  /** Absent with exists and not_exists. */
  value: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
});
export type JourneyAttributeTest = Static<typeof attributeTest>;

/** At most one group, of which all must hold. */
export const attributeGroups = Type.Array(Type.Array(attributeTest), { maxItems: 1 });

/** The property of the event that let the user in must be that of the event that is waited for. Ours in its shape. */
export const entryMatches = Type.Array(Type.Object({ entry_key: Type.String(), event_key: Type.String() }));

export const journeyEvent = Type.Object({
  name: Type.String(),
  attributes: attributeGroups,
  entry_event_match_attributes: entryMatches,
});
export type JourneyEvent = Static<typeof journeyEvent>;

/** As `journeyEvent`, as it is written. */
export const journeyEventInput = Type.Object({
  name: Type.String({ maxLength: 255 }),
  attributes: Type.Optional(attributeGroups),
  entry_event_match_attributes: Type.Optional(entryMatches),
});
