import type { Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { isUuid } from '../../platform/ids.ts';
import type { ImportRecord } from './import-record.ts';
import { findImport } from './import-store.ts';

/** Throws ApiError `import-not-found`. */
export async function findOrRefuse(
  database: Queryable,
  appId: string,
  id: string,
  now: number,
): Promise<ImportRecord> {
  const record = isUuid(id) ? await findImport(database, appId, id, now) : null;
  if (record === null) throw new ApiError('import-not-found', { params: { id } });
  return record;
}

/** What an action says to an import in a state that it does not fit. */
export function wrongState({ state }: ImportRecord, action: string, states: string): ApiError {
  return new ApiError('import-state', { params: { state, action, states } });
}
