import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import { World } from './world.ts';
import type { ModelSubscription, ModelUser } from './world.ts';

const everything = statement(
  'model.everything',
  `select
     (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'tags', u.tags, 'sessions', u.session_count,
         'lastActive', extract(epoch from u.last_active) * 1000, 'aliases', coalesce(
         (select jsonb_object_agg(a.label, a.value) from aliases a where a.app_id = $1 and a.user_id = u.id), '{}'))), '[]')
      from users u where u.app_id = $1) as users,
     (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'owner', s.user_id, 'type', s.type, 'token', s.token,
         'enabled', s.enabled, 'notificationTypes', s.notification_types, 'sessions', s.session_count,
         'lastActive', extract(epoch from s.last_active) * 1000,
         'createdAt', extract(epoch from s.created_at) * 1000)), '[]')
      from subscriptions s where s.app_id = $1) as subscriptions`,
);

/** All that is stored of an app, as the model would have it. */
export async function readWorld(database: Queryable, appId: string): Promise<World> {
  const rows = await database.rows<{ users: ModelUser[]; subscriptions: ModelSubscription[] }>(everything, [
    appId,
  ]);
  return new World(rows[0]?.users, rows[0]?.subscriptions);
}
