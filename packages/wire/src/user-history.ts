import { Type } from 'typebox';
import type { Static } from 'typebox';

/** One write about a user that had something to say. */
export const userChange = Type.Object({
  id: Type.String(),
  /** ISO 8601. */
  at: Type.String(),
  /** What was done, in one word. */
  action: Type.String(),
  /** The way it came: `api`, `device`, `bulk`, ... */
  source: Type.String(),
  /** The API key that it was done with; null where there was none. `name` is null once the key is deleted. */
  key: Type.Union([
    Type.Object({ id: Type.String(), name: Type.Union([Type.String(), Type.Null()]) }),
    Type.Null(),
  ]),
  /** What was asked for. */
  changes: Type.Record(Type.String(), Type.Unknown()),
});
export type UserChange = Static<typeof userChange>;

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/history, newest first. */
export const userHistoryPage = Type.Object({
  changes: Type.Array(userChange),
  has_more: Type.Boolean(),
  /** Absent on the last page. */
  next_cursor: Type.Optional(Type.String()),
});
export type UserHistoryPage = Static<typeof userHistoryPage>;
