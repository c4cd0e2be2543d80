import { Type } from 'typebox';
import type { Static } from 'typebox';

/** An organization in an answer. */
export const organization = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** ISO 8601. */
  created_at: Type.String(),
  updated_at: Type.String(),
});
export type Organization = Static<typeof organization>;

/** PATCH /organizations/{organization_id}: only what is named changes. */
export const updateOrganizationBody = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});
export type UpdateOrganizationBody = Static<typeof updateOrganizationBody>;
