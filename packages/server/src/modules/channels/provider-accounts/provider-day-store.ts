import { statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';
import type { ProviderPlace } from './provider-pause-store.ts';
import type { DayOfWarmUp, WarmUp } from './warm-up.ts';

/**
 * The row of the day is locked while it is written: all processes share one number. Nothing is taken by a plan that is
 * no more, which a process may go by for a moment: whoever is left waits for its next day, and nobody frees them again.
 */
const take = statement(
  'provider-days.take',
  `insert into provider_days as d (app_id, channel, name, day, used, granted)
   select app_id, channel, name, $4, least($5::int, $6::int), least($5::int, $6::int) from provider_accounts
   where app_id = $1 and channel = $2 and name = $3 and warm_up = $7
   on conflict (app_id, channel, name, day) do update set
     used = d.used + greatest(0, least($5::int, $6::int - d.used)),
     granted = greatest(0, least($5::int, $6::int - d.used))
   returning granted`,
);

const forget = statement('provider-days.forget', 'delete from provider_days where day < $1');

/** Takes what is left of a day, at most `wanted`: how many that is. Null when the provider has another plan by now. */
export async function takeOfDay(
  database: Queryable,
  { appId, channel, name }: ProviderPlace,
  { plan, day, most }: DayOfWarmUp & { readonly plan: WarmUp },
  wanted: number,
): Promise<number | null> {
  const values = [appId, channel, name, day, wanted, most, JSON.stringify(plan)];
  const [row] = await database.rows<{ granted: number }>(take, values);
  return row?.granted ?? null;
}

/** Forgets days before `day`. */
export async function forgetDays(database: Queryable, day: string): Promise<void> {
  await database.run(forget, [day]);
}
