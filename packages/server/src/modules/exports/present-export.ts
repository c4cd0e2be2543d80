import type { ExportKind, ExportView } from '@carillon/wire';
import type { ShownFile } from '../../platform/export-files/index.ts';
import type { ExportSubject } from './export-subject.ts';

/** The wire form. */
export function presentExport(file: ShownFile, url: string): ExportView {
  const { format, columns, filter } = file.subject as unknown as ExportSubject;
  return {
    id: file.id,
    kind: file.kind as ExportKind,
    format,
    columns: [...columns],
    filter,
    state: file.state,
    rows: file.found,
    bytes: file.size,
    created_at: file.createdAt.toISOString(),
    ready_at: file.readyAt?.toISOString() ?? null,
    expires_at: file.expiresAt.toISOString(),
    url,
  };
}
