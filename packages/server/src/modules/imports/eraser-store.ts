import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const ofApp = statement(
  'imports.erase-app',
  `with gone as (
     delete from imports where id in (select id from imports where app_id = $1 limit $2) returning id),
   pieces as (delete from import_pieces p using gone where p.import_id = gone.id),
   rejects as (delete from import_rejects r using gone where r.import_id = gone.id),
   batches as (delete from import_batches b using gone where b.import_id = gone.id)
   select id from gone`,
);

// Of the batches of an app that name one of them.
const ofPeople = statement(
  'imports.erase-people',
  `update import_batches b set
     created = array(select c from unnest(b.created) c where not c = any($2::uuid[])),
     before = coalesce((select jsonb_agg(x) from jsonb_array_elements(b.before) x
       where not (x ->> 'id')::uuid = any($2::uuid[])), '[]')
   where b.app_id = $1 and (b.created && $2::uuid[]
     or exists (select from jsonb_array_elements(b.before) x where (x ->> 'id')::uuid = any($2::uuid[])))`,
);

/** Up to `limit` imports of an app, with all that belongs to them; how many went. */
export async function eraseImports(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return (await transaction.rows(ofApp, [appId, limit])).length;
}

/** Users, out of what an undo needs; how many batches named them. */
export function erasePeople(database: Queryable, appId: string, userIds: readonly string[]): Promise<number> {
  return database.run(ofPeople, [appId, userIds]);
}
