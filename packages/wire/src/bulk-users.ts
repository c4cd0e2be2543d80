import { Type } from 'typebox';
import type { Static } from 'typebox';

/**
 * POST /apps/{app_id}/users/bulk takes the bodies of POST /apps/{app_id}/users, one on each line, and
 * answers with a line for each, in their order: what became of it, once that is committed.
 */
export const bulkUserResult = Type.Union([
  Type.Object({
    /** Its number in what was sent, from 1, counting empty lines. */
    line: Type.Integer(),
    status: Type.Union([Type.Literal('created'), Type.Literal('updated'), Type.Literal('unchanged')]),
    onesignal_id: Type.String(),
  }),
  Type.Object({
    line: Type.Integer(),
    status: Type.Literal('rejected'),
    errors: Type.Array(
      Type.Object({
        code: Type.Optional(Type.String()),
        title: Type.String(),
        meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
    ),
  }),
]);
export type BulkUserResult = Static<typeof bulkUserResult>;

const counts = {
  /** Lines that have a result in this answer. */
  lines: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  unchanged: Type.Integer(),
  rejected: Type.Integer(),
};

/** The last line of the answer. An answer without it was cut off: go on after the last result. */
export const bulkUserSummary = Type.Union([
  Type.Object({ done: Type.Literal(true), ...counts }),
  Type.Object({
    done: Type.Literal(false),
    ...counts,
    /** The first line that was not worked on. */
    next_line: Type.Integer(),
    /** Why it went no further. */
    errors: Type.Array(Type.Object({ code: Type.Optional(Type.String()), title: Type.String() })),
  }),
]);
export type BulkUserSummary = Static<typeof bulkUserSummary>;
