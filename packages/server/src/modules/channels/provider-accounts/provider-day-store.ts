import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { ProviderPlace } from './provider-pause-store.ts';
import type { DayOfWarmUp } from './warm-up.ts';

/** The row of the day is locked while it is written: all processes share one number. */
const take = statement(
  'provider-days.take',
  `insert into provider_days as d (app_id, channel, name, day, used, granted)
   select id, $2, $3, $4, least($5::int, $6::int), least($5::int, $6::int) from apps where id = $1
   on conflict (app_id, channel, name, day) do update set
     used = d.used + greatest(0, least($5::int, $6::int - d.used)),
     granted = greatest(0, least($5::int, $6::int - d.used))
   returning granted`,
);

const forget = statement('provider-days.forget', 'delete from provider_days where day < $1');

/** Takes what is left of a day, at most `wanted`: how many that is. */
export async function takeOfDay(
  database: Queryable,
  { appId, channel, name }: ProviderPlace,
  { day, most }: DayOfWarmUp,
  wanted: number,
): Promise<number> {
  const values = [appId, channel, name, day, wanted, most];
  const [row] = await database.rows<{ granted: number }>(take, values);
  // The app is gone, and its messages are on their way out.
  return row?.granted ?? 0;
}

/** Forgets days before `day`. */
export async function forgetDays(database: Queryable, day: string): Promise<void> {
  await database.run(forget, [day]);
}
