import { createHash } from 'node:crypto';
import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

/** Everything that an import writes about people, without ids, which are random, and the moments of writing. */
const PEOPLE = statement(
  '',
  `select jsonb_build_array(u.external_id, u.tags, u.language, u.properties, u.first_active < u.updated_at,
     (select jsonb_object_agg(a.label, a.value) from aliases a where a.user_id = u.id),
     (select jsonb_agg(s.told order by s.told) from (
        select jsonb_build_array(s.type, s.token, s.enabled, s.notification_types,
          case when s.created_at < s.updated_at then s.created_at end) as told
        from subscriptions s where s.lane = u.lane and s.user_id = u.id) s))::text as told
   from users u where u.app_id = $1`,
);

const REJECTS = statement(
  '',
  `select lines as told from import_rejects r join imports i on i.id = r.import_id and i.run = r.run
   where i.app_id = $1 order by r.batch`,
);

const CREATED = statement(
  '',
  'select coalesce(sum(cardinality(created)), 0)::int as count from import_batches where app_id = $1',
);

export interface ImportedState {
  readonly people: readonly string[];
  /** Of all rejected rows, in their order. */
  readonly rejects: string;
  /** Users whom an undo would know. */
  readonly created: number;
}

export async function readState(database: Database, appId: string): Promise<ImportedState> {
  const people = await database.rows<{ told: string }>(PEOPLE, [appId]);
  const rejects = await database.rows<{ told: string }>(REJECTS, [appId]);
  const [row] = await database.rows<{ count: number }>(CREATED, [appId]);
  return {
    people: people.map(({ told }) => told).toSorted(),
    rejects: createHash('sha256')
      .update(rejects.map(({ told }) => told).join(''))
      .digest('hex'),
    created: row?.count ?? 0,
  };
}
