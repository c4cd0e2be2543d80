import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const templates = statement(
  'templates.erase',
  `delete from templates where (app_id, id) in (select app_id, id from templates where app_id = $1 limit $2)`,
);

const contents = statement(
  'contents.erase',
  `delete from contents where (app_id, id) in (select app_id, id from contents where app_id = $1 limit $2)`,
);

const spare = statement(
  'contents.erase-spare',
  `delete from spare_contents where (app_id, id) in (
     select app_id, id from spare_contents where app_id = $1 limit $2)`,
);

/** Up to `limit` templates of an app; how many went. */
export function eraseTemplates(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(templates, [appId, limit]);
}

/** The same for contents, which messages refer to as well. */
export function eraseContents(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(contents, [appId, limit]);
}

/** The same for what is noted down of contents that nobody may need. */
export function eraseSpareContents(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(spare, [appId, limit]);
}
