import type { AuditAction } from '@carillon/wire';
import type { ApiKeyRow, KeyOwner } from './api-key-store.ts';
import type { Change } from './audit/record-change.ts';

/** What the audit log is told of a change of a key. */
export function keyChange(
  action: AuditAction,
  { organizationId, appId }: KeyOwner,
  { id, name }: Pick<ApiKeyRow, 'id' | 'name'>,
): Change {
  return { action, appId, organizationId, target: { type: 'api_key', id, name } };
}
