import type { ApiKey } from '@carillon/wire';
import type { ApiKeyRow } from './api-key-store.ts';
import type { LastUse } from './key-use.ts';

/** A key as the wire shows it. `use` is what this process knows of it and has not written yet. */
export function keyAnswer(row: ApiKeyRow, use: LastUse | null): ApiKey {
  const written = row.last_used_at?.getTime() ?? -Infinity;
  const last = use !== null && use.at > written ? use : null;
  return {
    token_id: row.id,
    name: row.name,
    ip_allowlist_mode: row.ip_allowlist_mode,
    ip_allowlist: row.ip_allowlist,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    last_used_at: last === null ? (row.last_used_at?.toISOString() ?? null) : new Date(last.at).toISOString(),
    last_used_ip: last === null ? row.last_used_ip : last.ip,
  };
}
