import { Type } from 'typebox';
import type { Static } from 'typebox';

/** Everything that the audit log tells of. The list is closed: a new kind of change adds its action here. */
export const AUDIT_ACTIONS = [
  'organization.created',
  'organization.updated',
  'app.created',
  'app.updated',
  'app.deleted',
  'app.erased',
  'app_policy.updated',
  'rate_limits.updated',
  'identity_key.created',
  'identity_key.deleted',
  'api_key.created',
  'api_key.updated',
  'api_key.rotated',
  'api_key.deleted',
  'provider_account.updated',
  'provider_account.deleted',
  'endpoint.updated',
  'endpoint.deleted',
  'event_stream.updated',
  'event_stream.deleted',
  'event_stream.paused',
  'event_stream.resumed',
  'event_stream.disabled',
  'event_stream.replayed',
  'event_stream.rotated',
  'feed_topics.updated',
  'custom_event.updated',
  'webhook.created',
  'webhook.updated',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.enabled',
  'webhook.rotated',
  'sms_keywords.updated',
  'sms_keywords.deleted',
  'sms_opt_out.created',
  'sms_opt_out.deleted',
  'suppression.created',
  'suppression.deleted',
  'data_feed.created',
  'data_feed.updated',
  'data_feed.deleted',
  'template.created',
  'template.updated',
  'template.deleted',
  'segment.created',
  'segment.updated',
  'segment.paused',
  'segment.resumed',
  'segment.deleted',
  'journey.created',
  'journey.updated',
  'journey.deleted',
  'export.created',
  'export.cancelled',
  'export.deleted',
  'import.created',
  'import.started',
  'import.cancelled',
  'import.undone',
  'import.deleted',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const metadata = Type.Record(Type.String(), Type.Unknown());

/** Something that was changed. */
const auditTarget = Type.Object({
  /** What stands before the point in the action. */
  type: Type.String(),
  id: Type.String(),
  name: Type.Optional(Type.String()),
  metadata,
});

/** One change, and who made it from where. */
export const auditLogEvent = Type.Object({
  id: Type.String(),
  organization_id: Type.String(),
  /** Absent for changes of the organization itself. */
  app_id: Type.Optional(Type.String()),
  action: Type.String(),
  /** ISO 8601. */
  occurred_at: Type.String(),
  version: Type.Integer(),
  actor: Type.Object({
    /** `api_key`, or `system` for what the server did by itself. */
    type: Type.String(),
    id: Type.Optional(Type.String()),
    /** As it was called at the time. */
    name: Type.Optional(Type.String()),
    metadata,
  }),
  targets: Type.Array(auditTarget),
  /** Absent when nobody called. */
  context: Type.Optional(
    Type.Object({ ip: Type.String(), user_agent: Type.Optional(Type.String()), metadata }),
  ),
  /** What changed: `{"changes":{"name":{"from":"A","to":"B"}}}`. Never a secret. */
  metadata,
});
export type AuditLogEvent = Static<typeof auditLogEvent>;

/** GET /organizations/{organization_id}/audit_logs */
export const auditLogPage = Type.Object({
  audit_logs: Type.Array(auditLogEvent),
  has_more: Type.Boolean(),
  /** Only when there is more. */
  next_cursor: Type.Optional(Type.String()),
});
export type AuditLogPage = Static<typeof auditLogPage>;
