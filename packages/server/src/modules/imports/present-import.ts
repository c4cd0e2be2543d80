import type { ImportView } from '@carillon/wire';
import type { ImportRecord } from './import-record.ts';

const ACTIVE: ReadonlySet<string> = new Set(['fetching', 'checking', 'running', 'undoing']);

/** The wire form. */
export function presentImport(record: ImportRecord, publicUrl: string): ImportView {
  const { id, appId, state } = record;
  return {
    id,
    name: record.name,
    from: record.host,
    state: ACTIVE.has(state) && !record.isBegun ? 'queued' : state,
    settings: record.settings,
    bytes: record.bytes,
    bytes_done: record.position,
    line: record.line,
    counts: record.counts,
    dry_run: record.dryRun,
    undo: record.undo,
    fault: record.fault,
    rejects_url: `${publicUrl}/apps/${appId}/imports/${id}/rejects`,
    created_at: record.createdAt.toISOString(),
    started_at: record.startedAt?.toISOString() ?? null,
    ended_at: record.endedAt?.toISOString() ?? null,
    expires_at: record.expiresAt.toISOString(),
  };
}
