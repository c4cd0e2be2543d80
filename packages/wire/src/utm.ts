import { Type } from 'typebox';
import type { Static } from 'typebox';

const value = Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 255 }), Type.Null()]));

/**
 * What links of emails carry for web analytics: `{"source": "shop"}` becomes `utm_source=shop`. Not Liquid.
 * null leaves a parameter out that would otherwise be there.
 */
export const utm = Type.Object(
  { source: value, medium: value, campaign: value, term: value, content: value },
  { additionalProperties: false },
);
export type Utm = Static<typeof utm>;
