import { Type } from 'typebox';
import { AUDIT_ACTIONS, auditLogPage } from '@carillon/wire';
import type { AuditLogEvent } from '@carillon/wire';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database/database.ts';
import type { Routes } from '../../../platform/http/route.ts';
import { organizationOf } from '../organization-of.ts';
import { auditQuery, readAuditQuery, writeCursor } from './audit-query.ts';
import { readEntries } from './audit-store.ts';
import type { EntryRow } from './audit-store.ts';

/** Of the form of an entry, as clients know it. */
const VERSION = 1;

export interface AuditRoutesOptions {
  readonly database: Database;
  readonly clock: Clock;
  /** Entries older than this are deleted. */
  readonly keptDays: number;
}

export function auditRoutes({ database, clock, keptDays }: AuditRoutesOptions): Routes {
  return (http) => {
    http.get(
      '/organizations/:organization_id/audit_logs',
      {
        config: { access: 'organization', envelope: 'basic', forbidden: 'organization-permission' },
        schema: {
          tags: ['Organizations'],
          summary: 'List what was changed in an organization, the oldest first',
          description: `Actions: ${AUDIT_ACTIONS.join(', ')}.`,
          params: Type.Object({ organization_id: Type.String({ format: 'uuid' }) }),
          querystring: auditQuery,
          response: { 200: auditLogPage },
        },
      },
      async ({ principal, query }) => {
        const { after, limit, filter } = readAuditQuery(query, clock.now(), keptDays);
        const request = { after, limit: limit + 1, filter };
        const rows = await readEntries(database, organizationOf(principal), request);
        const shown = rows.slice(0, limit);
        const last = shown.at(-1);
        return {
          audit_logs: shown.map(present),
          has_more: rows.length > limit,
          ...(rows.length > limit && last && { next_cursor: writeCursor(last.position, filter) }),
        };
      },
    );
  };
}

function present(row: EntryRow): AuditLogEvent {
  return {
    id: row.id,
    organization_id: row.organization_id,
    ...(row.app_id !== null && { app_id: row.app_id }),
    action: row.action,
    occurred_at: row.occurred_at.toISOString(),
    version: VERSION,
    actor: row.actor as AuditLogEvent['actor'],
    targets: row.targets as AuditLogEvent['targets'],
    ...(row.context !== null && { context: row.context as NonNullable<AuditLogEvent['context']> }),
    metadata: row.metadata as AuditLogEvent['metadata'],
  };
}
