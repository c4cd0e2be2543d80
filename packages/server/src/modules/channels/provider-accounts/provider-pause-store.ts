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
  `insert into provider_pauses (app_id, channel, name, since, until, reason)
   select id, $2, $3, $4, $5, $6 from apps where id = $1
   on conflict (app_id, channel, name) do update
   set since = least(provider_pauses.since, excluded.since), until = excluded.until, reason = excluded.reason`,
);

const remove = statement(
  'provider-pauses.remove',
  'delete from provider_pauses where app_id = $1 and channel = $2 and name = $3',
);

const find = statement(
  'provider-pauses.find',
  `select name, since, until, reason from provider_pauses where app_id = $1 and channel = $2 and until > $3`,
);

/** One provider of an app and channel. */
export interface ProviderPlace {
  readonly appId: string;
  readonly channel: string;
  readonly name: string;
}

/** Nothing is written for an app that is gone. */
export async function putPause(
  database: Queryable,
  { appId, channel, name }: ProviderPlace,
  { since, until, reason }: ProviderPause,
): Promise<void> {
  await database.run(put, [appId, channel, name, new Date(since), new Date(until), reason]);
}

export async function removePause(
  database: Queryable,
  { appId, channel, name }: ProviderPlace,
): Promise<void> {
  await database.run(remove, [appId, channel, name]);
}

/** By the names of the providers: those that ended after `after`. */
export async function findPauses(
  database: Queryable,
  appId: string,
  channel: string,
  after: number,
): Promise<Map<string, ProviderPause>> {
  const values = [appId, channel, new Date(after)];
  const rows = await database.rows<{ name: string; since: Date; until: Date; reason: string }>(find, values);
  return new Map(
    rows.map(({ name, since, until, reason }) => [
      name,
      { since: since.getTime(), until: until.getTime(), reason },
    ]),
  );
}
