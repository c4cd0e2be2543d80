import { Type } from 'typebox';
import type { Static } from 'typebox';

/** How far the erasing of everything about a deleted user, or subscription, has come. Names nobody. */
export const erasure = Type.Object({
  id: Type.String(),
  /** What was deleted. */
  kind: Type.Union([Type.Literal('user'), Type.Literal('subscription')]),
  /**
   * `waiting`: asked for. `settling`: erased, and looked through once more for what was under way then.
   * `done`: nothing was left.
   */
  state: Type.Union([Type.Literal('waiting'), Type.Literal('settling'), Type.Literal('done')]),
  /** ISO 8601. */
  requested_at: Type.String(),
  done_at: Type.Union([Type.String(), Type.Null()]),
  /** The way the deletion came: `api`, `device`, `system`, ... */
  source: Type.String(),
  /** The API key that asked for it; null where there was none. `name` is null once the key is deleted. */
  key: Type.Union([
    Type.Object({ id: Type.String(), name: Type.Union([Type.String(), Type.Null()]) }),
    Type.Null(),
  ]),
  /** How many records were deleted, or freed of the person, by what they were. */
  erased: Type.Record(Type.String(), Type.Integer()),
});
export type Erasure = Static<typeof erasure>;

/** GET /apps/{app_id}/erasures, newest first. */
export const erasurePage = Type.Object({
  erasures: Type.Array(erasure),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type ErasurePage = Static<typeof erasurePage>;
