import type { Queryable } from '../../platform/database/database.ts';
import type { Expression } from '../audience/index.ts';
import { defaultMeanings } from './default-segments.ts';
import { findConditions } from './segment-store.ts';

/** What segments of an app mean now, by their ids, those that every app has among them; of deleted ones what they meant at last. */
export async function meaningsOf(
  database: Queryable,
  appId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Expression>> {
  if (ids.length === 0) return new Map();
  const found = new Map(await findConditions(database, appId, ids));
  const everyApp = defaultMeanings(appId);
  for (const id of ids) {
    const meaning = everyApp.get(id);
    if (meaning !== undefined) found.set(id, meaning);
  }
  return found;
}
