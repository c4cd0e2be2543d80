import { statement } from '../../platform/database/database.ts';
import type { Queryable } from '../../platform/database/database.ts';
import { walk } from '../../platform/database/walk.ts';
import type { WalkStep } from '../../platform/database/walk.ts';
import { ErasedCounts, lanesOfPeople } from '../identity/index.ts';
import type { PersonalData } from '../identity/index.ts';

/** A batch carries up to a thousand events in itself. */
const BATCHES_A_STEP = 1_000;

/** Stands for subscriptions of whom nothing is known any more. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * A batch keeps its place and its size: readers count in it. One that refers to a page of the ledger from
 * one subscription to another may be opened at either end, because it names the page as well. One that
 * carries events says of the person's that they happened, and no longer to whom.
 * $1 lane, $2 position before, $3 batches to look at, $4 users, $5 subscriptions.
 */
const erase = statement(
  'feed.erase',
  `with looked as materialized (
     select position, day, kind, first_id, last_id from feed
     where lane = $1 and position > coalesce($2::bigint, 0) order by position limit $3),
   opened as (
     update feed f set
       first_id = case when f.first_id = any($5::uuid[]) then '${NOBODY}' else f.first_id end,
       last_id = case when f.last_id = any($5::uuid[]) then '${HIGHEST_ID}' else f.last_id end
     from looked l
     where l.kind = 'deliveries' and (l.first_id = any($5::uuid[]) or l.last_id = any($5::uuid[]))
       and f.lane = $1 and f.position = l.position and f.day = l.day
     returning l.first_id, l.last_id),
   named as materialized (
     select f.position, f.day, array_agg(distinct id) as ids
     from looked l
     join feed f on f.lane = $1 and f.position = l.position and f.day = l.day
     cross join jsonb_array_elements(f.events) e
     cross join lateral (values (e ->> 'subscriptionId'), (e ->> 'userId')) as told (id)
     where l.kind = 'events' and told.id = any($4::text[] || $5::text[])
     group by f.position, f.day),
   emptied as (
     update feed f set events = (
       select jsonb_agg(
         case when e ->> 'subscriptionId' = any($5::text[]) or e ->> 'userId' = any($4::text[]) then
           e || jsonb_build_object('subscriptionId', '${NOBODY}', 'data', null,
             'userId', case when e ->> 'userId' = any($4::text[]) then null else e -> 'userId' end)
         else e end order by n)
       from jsonb_array_elements(f.events) with ordinality x (e, n))
     from named
     where f.lane = $1 and f.position = named.position and f.day = named.day
     returning named.ids)
   select (select jsonb_build_array(position) from looked offset $3 - 1 limit 1) as last,
     (select jsonb_agg(ids) from (
        select array[first_id::text, last_id::text] as ids from opened
        union all select ids from emptied) x) as touched`,
);

interface Step extends WalkStep {
  /** For each batch, ids among which are those of whom it told. */
  readonly touched: readonly (readonly string[])[] | null;
}

/** What the feed tells is told by the ledger, too: there is nothing to export. Comes before the ledger. */
export function feedData(database: Queryable): PersonalData {
  return {
    name: 'feed',
    exportOf: null,
    async erase(people) {
      const counts = new ErasedCounts(people);
      for (const { lane, users, subscriptions } of lanesOfPeople(people)) {
        const steps = walk(async (after) => {
          const values = [lane, after?.[0] ?? null, BATCHES_A_STEP, users, subscriptions];
          return (await database.rows<Step>(erase, values))[0];
        });
        for await (const { touched } of steps) for (const ids of touched ?? []) counts.add(ids, 1);
      }
      return counts.results();
    },
  };
}
