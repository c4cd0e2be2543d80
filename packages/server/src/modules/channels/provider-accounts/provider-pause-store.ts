import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

/** A provider that a process hands nothing to for a while. Times in milliseconds since the epoch. */
export interface ProviderPause {
  /** Since when it has been answering nothing but "not now". */
  readonly since: number;
  /** When it is tried again. */
  readonly until: number;
  readonly reason: string;
}

const put = statement(
  'provider-pauses.put',
  `insert into provider_pauses (app_id, channel, since, until, reason)
   select id, $2, $3, $4, $5 from apps where id = $1
   on conflict (app_id, channel) do update
   set since = least(provider_pauses.since, excluded.since), until = excluded.until, reason = excluded.reason`,
);

const remove = statement(
  'provider-pauses.remove',
  'delete from provider_pauses where app_id = $1 and channel = $2',
);

const find = statement(
  'provider-pauses.find',
  'select since, until, reason from provider_pauses where app_id = $1 and channel = $2 and until > $3',
);

/** Nothing is written for an app that is gone. */
export async function putPause(
  database: Queryable,
  appId: string,
  channel: string,
  { since, until, reason }: ProviderPause,
): Promise<void> {
  await database.run(put, [appId, channel, new Date(since), new Date(until), reason]);
}

export async function removePause(database: Queryable, appId: string, channel: string): Promise<void> {
  await database.run(remove, [appId, channel]);
}

/** Null when there is none that ended after `after`. */
export async function findPause(
  database: Queryable,
  appId: string,
  channel: string,
  after: number,
): Promise<ProviderPause | null> {
  const values = [appId, channel, new Date(after)];
  const [row] = await database.rows<{ since: Date; until: Date; reason: string }>(find, values);
  if (row === undefined) return null;
  return { since: row.since.getTime(), until: row.until.getTime(), reason: row.reason };
}
