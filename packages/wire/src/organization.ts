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

/** An app that was deleted, and how far what belonged to it is erased. */
export const deletedApp = Type.Object({
  id: Type.String(),
  organization_id: Type.String(),
  name: Type.String(),
  state: Type.Union([Type.Literal('erasing'), Type.Literal('erased')]),
  /** What is being erased now; null before the beginning and after the end. */
  part: Type.Union([Type.String(), Type.Null()]),
  rows_erased: Type.Integer(),
  /** ISO 8601. */
  deleted_at: Type.String(),
  erased_at: Type.Union([Type.String(), Type.Null()]),
});
export type DeletedApp = Static<typeof deletedApp>;
