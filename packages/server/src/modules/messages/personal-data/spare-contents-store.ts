import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { ContentKey } from '../../templates/index.ts';

const inUse = statement(
  'messages.contents-in-use',
  `select x.app_id as "appId", x.id, exists (
     select from messages m where m.kind = 'api' and m.app_id = x.app_id and m.content_id = x.id) as "isInUse"
   from jsonb_to_recordset($1) as x (app_id uuid, id uuid)`,
);

/** Which contents messages of the API refer to. Journeys send only what a template says or has said. */
export function findInUse(
  database: Queryable,
  contents: readonly ContentKey[],
): Promise<(ContentKey & { readonly isInUse: boolean })[]> {
  return database.rows(inUse, [asJson(contents.map(({ appId, id }) => ({ app_id: appId, id })))]);
}
