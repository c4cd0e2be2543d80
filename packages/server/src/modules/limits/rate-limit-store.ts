import type { RateClass, RateLimit } from '@carillon/wire';
import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';

const ofApp = statement(
  'rate-limits.of-app',
  `select class, "limit", window_seconds from rate_limits where app_id = $1`,
);

const put = statement(
  'rate-limits.put',
  `insert into rate_limits (app_id, class, "limit", window_seconds, updated_at)
   select $1, r.class, r."limit", r.window_seconds, $3
   from jsonb_to_recordset($2::jsonb) as r (class text, "limit" int, window_seconds int)
   order by r.class
   on conflict (app_id, class) do update set
     "limit" = excluded."limit", window_seconds = excluded.window_seconds, updated_at = excluded.updated_at`,
);

const remove = statement(
  'rate-limits.delete',
  `delete from rate_limits where app_id = $1 and class = any ($2::text[])`,
);

/** The limits of an app's own. */
export async function limitsOf(queryable: Queryable, appId: string): Promise<Map<RateClass, RateLimit>> {
  const rows = await queryable.rows<RateLimit & { class: RateClass }>(ofApp, [appId]);
  return new Map(rows.map(({ class: rate, limit, window_seconds }) => [rate, { limit, window_seconds }]));
}

export async function putLimits(
  queryable: Queryable,
  appId: string,
  limits: readonly (RateLimit & { readonly class: RateClass })[],
  now: number,
): Promise<void> {
  await queryable.run(put, [appId, asJson(limits), new Date(now)]);
}

/** The app follows the server's settings again. */
export async function deleteLimits(
  queryable: Queryable,
  appId: string,
  classes: readonly RateClass[],
): Promise<void> {
  await queryable.run(remove, [appId, classes]);
}
