import { Type } from 'typebox';
import type { Static } from 'typebox';
import { user } from './user.ts';

const records = Type.Array(Type.Record(Type.String(), Type.Unknown()));

/** GET /apps/{app_id}/users/by/{alias_label}/{alias_id}/export: everything that is held about a user. */
export const userExport = Type.Object({
  app_id: Type.String(),
  /** ISO 8601. */
  exported_at: Type.String(),
  user,
  /** Users whose data is this one's by now: merged into it, or anonymous before it logged in. */
  former_onesignal_ids: Type.Array(Type.String()),
  consents: records,
  history: records,
  custom_events: records,
  journey_runs: records,
  journey_trace: records,
  journey_entries: records,
  journey_refusals: records,
  /** One for each delivery. `content`, what was said, stands where its `content_id` comes first. */
  messages: records,
  /** Messages as the sandbox received them, where there is one. */
  sandbox_messages: records,
  /** Their addresses that get no email, and why. */
  suppressions: records,
});
export type UserExport = Static<typeof userExport>;
