import { asJson, statement } from '../../../platform/database/database.ts';
import type { Queryable } from '../../../platform/database/database.ts';

const MINUTE_MS = 60_000;
/** Longer than the longest window of a guard. */
const KEPT_MS = 48 * 60 * MINUTE_MS;

/**
 * Judges and counts at once. Of one batch the smaller messages come first, so that one that is far too large
 * does not stand in their way. Two processes that ask at the same moment do not see each other.
 */
const use = statement(
  'audience-use.use',
  `with asked as materialized (
     select * from jsonb_to_recordset($1) as a (n int, app_id uuid, minute timestamptz, recipients bigint, most bigint, minutes int)
   ),
   judged as materialized (
     select a.*, earlier.used, a.most is null or earlier.used
       + sum(a.recipients) over (partition by a.app_id order by a.recipients, a.n) <= a.most as admitted
     from asked a
     cross join lateral (
       select coalesce(sum(u.recipients), 0)::bigint as used from audience_use u
       where u.app_id = a.app_id and u.minute <= a.minute
         and u.minute > a.minute - a.minutes * interval '1 minute') earlier
   ),
   counted as (
     insert into audience_use (app_id, minute, recipients)
     select app_id, minute, sum(recipients) from judged where admitted group by app_id, minute order by app_id, minute
     on conflict (app_id, minute) do update set recipients = audience_use.recipients + excluded.recipients
   )
   select used, admitted from judged order by n`,
);

const giveBack = statement(
  'audience-use.give-back',
  'update audience_use set recipients = recipients - $3 where app_id = $1 and minute = $2',
);

const forget = statement('audience-use.forget', 'delete from audience_use where minute < $1');

/** One message of a guarded app. */
export interface AudienceUse {
  readonly appId: string;
  /** When it is due, in milliseconds. */
  readonly at: number;
  readonly recipients: number;
  /** Recipients of the app within `minutes` up to `at`, this message's included; null: whatever it takes. */
  readonly most: number | null;
  readonly minutes: number;
}

export interface JudgedUse {
  /** Recipients of the app's other messages in the time. */
  readonly used: number;
  /** Whether this one is counted with them now. */
  readonly admitted: boolean;
}

/** Counts those messages that keep to their limit, and tells which do. */
export function useAudience(database: Queryable, uses: readonly AudienceUse[]): Promise<JudgedUse[]> {
  const rows = uses.map(({ appId, at, recipients, most, minutes }, n) => ({
    n,
    app_id: appId,
    minute: minuteOf(at),
    recipients,
    most,
    minutes,
  }));
  return database.rows<JudgedUse>(use, [asJson(rows)]);
}

/** For a message that was counted and not made. */
export async function giveAudienceBack(
  database: Queryable,
  { appId, at, recipients }: Pick<AudienceUse, 'appId' | 'at' | 'recipients'>,
): Promise<void> {
  await database.run(giveBack, [appId, minuteOf(at), recipients]);
}

export async function forgetAudienceUse(database: Queryable, now: number): Promise<void> {
  await database.run(forget, [new Date(now - KEPT_MS)]);
}

function minuteOf(at: number): Date {
  return new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS);
}
