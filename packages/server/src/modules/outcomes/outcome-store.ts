import { asJson, statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import type { Attribution, Outcome } from './outcome.ts';

const WHOLE_APP = `'00000000-0000-0000-0000-000000000000'::uuid`;

// In the order of the key, so that two batches wait for each other instead of deadlocking.
const add = statement(
  'outcomes.add',
  `with told as materialized (
     select app_id, name, "deviceType" as device_type, attribution, value, array(
       select m.id from messages m where m.app_id = x.app_id and m.id = any (x."messageIds")) as ids
     from jsonb_to_recordset($1::jsonb) as x (
       app_id uuid, name text, "deviceType" smallint, attribution text, value double precision, "messageIds" uuid[])),
   each as (
     select app_id, ${WHOLE_APP} as message_id, name, device_type, value,
       case when ids = '{}' then 'unattributed' else attribution end as attribution
     from told
     union all
     select app_id, unnest(ids), name, device_type, value, attribution from told)
   insert into outcome_counts as o (app_id, message_id, name, bucket, device_type, attribution, count, sum)
   select app_id, message_id, name, $2::timestamptz, device_type, attribution, count(*), sum(value)
   from each group by app_id, message_id, name, device_type, attribution
   order by app_id, message_id, name, device_type, attribution
   on conflict (app_id, message_id, name, bucket, device_type, attribution)
   do update set count = o.count + excluded.count, sum = o.sum + excluded.sum`,
);

/**
 * CTEs that count what became of messages as direct outcomes of theirs, to be put into the statement that
 * records it, so that both commit together:
 *
 *     with ..., engaged (app_id, message_id, name, device_type, count) as (...), ${COUNT_ENGAGED}
 *     select ...
 *
 * `engaged` has a key once; `$3` of the statement is `bucketOf` the moment. Rows are taken in the order of the
 * key, as everywhere here.
 */
export const COUNT_ENGAGED = `
  engaged_each as (
    select app_id, message_id, name, device_type, count from engaged
    union all
    select app_id, ${WHOLE_APP}, name, device_type, sum(count) from engaged group by app_id, name, device_type
  ),
  engaged_counted as (
    insert into outcome_counts as o (app_id, message_id, name, bucket, device_type, attribution, count, sum)
    select app_id, message_id, name, $3::timestamptz, device_type, 'direct', count, 0
    from engaged_each order by app_id, message_id, name, device_type
    on conflict (app_id, message_id, name, bucket, device_type, attribution)
    do update set count = o.count + excluded.count
    returning 1
  )`;

const read = statement(
  'outcomes.read',
  `select name, sum(count)::bigint as count, sum(sum) as sum from outcome_counts
   where app_id = $1 and message_id = coalesce($6::uuid, ${WHOLE_APP}) and name = any ($2) and bucket > $3
     and ($4::smallint[] is null or device_type = any ($4)) and ($5::text is null or attribution = $5)
   group by name`,
);

const ofMessages = statement(
  'outcomes.of-messages',
  `select message_id as "messageId", sum(count)::bigint as count, sum(sum) as sum from outcome_counts
   where app_id = $1 and name = $2 and message_id = any ($3) group by message_id`,
);

const forget = statement('outcomes.forget', `delete from outcome_counts where bucket < $1`);

const erase = statement(
  'outcomes.erase',
  `delete from outcome_counts where (app_id, message_id, name, bucket, device_type, attribution) in (
     select app_id, message_id, name, bucket, device_type, attribution
     from outcome_counts where app_id = $1 limit $2)`,
);

export interface OutcomeOfApp extends Outcome {
  readonly app_id: string;
}

export interface OutcomeFilter {
  readonly names: readonly string[];
  /** Milliseconds; counters that began after it. */
  readonly since: number;
  /** All when null. */
  readonly deviceTypes: readonly number[] | null;
  readonly attribution: Attribution | null;
  /** The app as a whole when null. */
  readonly messageId: string | null;
}

export interface OutcomeSum {
  readonly name: string;
  readonly count: number;
  readonly sum: number;
}

/** Adds a batch to the counters that began at `bucket`, in milliseconds. */
export async function addOutcomes(
  database: Queryable,
  outcomes: readonly OutcomeOfApp[],
  bucket: number,
): Promise<void> {
  await database.run(add, [asJson(outcomes), new Date(bucket)]);
}

/** Only of names that have something to count. */
export function readOutcomes(
  database: Queryable,
  appId: string,
  { names, since, deviceTypes, attribution, messageId }: OutcomeFilter,
): Promise<OutcomeSum[]> {
  const values = [appId, names, new Date(since), deviceTypes, attribution, messageId];
  return database.rows<OutcomeSum>(read, values);
}

/** Of one outcome of several messages, as far as it is kept; those without any are left out. */
export async function readOutcomeOfMessages(
  database: Queryable,
  appId: string,
  name: string,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, Omit<OutcomeSum, 'name'>>> {
  const rows = await database.rows<{ messageId: string; count: number; sum: number }>(ofMessages, [
    appId,
    name,
    messageIds,
  ]);
  return new Map(rows.map(({ messageId, count, sum }) => [messageId, { count, sum }]));
}

/** Drops counters that began before `before`, in milliseconds. */
export async function forgetOutcomes(database: Queryable, before: number): Promise<void> {
  await database.run(forget, [new Date(before)]);
}

/** Up to `limit` counters of an app; how many went. */
export function eraseOutcomes(transaction: Queryable, appId: string, limit: number): Promise<number> {
  return transaction.run(erase, [appId, limit]);
}
