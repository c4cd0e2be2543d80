import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

// Every message of a journey carries the event that let its user in: who, which number, which id.
const MESSAGES = `select m.id, m.queued_at, m.request ->> 'node_id' as node, m.custom_data #>> '{journey,events,0,id}' as event,
    (m.custom_data #>> '{journey,events,0,properties,seq}')::int as seq, c.lane, t.user_id
  from messages m
  join message_chunks c on c.message_id = m.id
  join journey_trace t on t.lane = c.lane and t.message_id = m.id`;

const effects = statement(
  'chaos.effects',
  `with stored as (select count(*)::int as events from custom_events),
   sent as (${MESSAGES}),
   by_event as (select event, count(*) as sends, count(distinct node) as nodes from sent group by event)
   select events,
     $1::int * events - (select coalesce(sum(nodes), 0)::int from by_event) as lost,
     (select coalesce(sum(sends - nodes), 0)::int from by_event) as duplicated from stored`,
);

const disorder = statement(
  'chaos.disorder',
  `select count(*)::int as events from (
     select queued_at < lag(queued_at) over (partition by user_id, node order by seq) as early from (${MESSAGES}) m) o
   where early`,
);

// A run's trace must be the whole way, each step once, with no gap in its numbers.
const incomplete = statement(
  'chaos.incomplete-runs',
  `select count(*)::int as runs from (
     select string_agg(step, ' ' order by rev) as steps, count(distinct rev) as revs, max(rev) as last
     from journey_trace group by lane, run_id) r
   where steps <> $1 or revs <> last`,
);

const left = statement(
  'chaos.left',
  `select (select count(*)::int from lane_inbox) as inbox, (select count(*)::int from journey_runs) as runs`,
);

const orphans = statement(
  'chaos.orphans',
  `select (select count(*)::int from messages m where not exists (select from message_chunks c where c.message_id = m.id))
     + (select count(*)::int from journey_trace t where step = 'sent'
        and not exists (select from messages m where m.id = t.message_id)) as rows`,
);

/** The one row of a query that has one. */
export async function one<Row extends object>(
  database: Database,
  query: { name: string; text: string },
  values: unknown[] = [],
): Promise<Row> {
  const [row] = await database.rows<Row>(query, values);
  if (row === undefined) throw new Error(`${query.name} returned nothing`);
  return row;
}

/** What is still on its way. */
export interface Left {
  readonly inbox: number;
  readonly runs: number;
}

export function readLeft(database: Database): Promise<Left> {
  return one(database, left);
}

export interface Audit {
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  readonly incompleteRuns: number;
  readonly orphans: number;
}

/** Holds every stored event against what it led to: `sends` messages each, by runs with the trace `way`. */
export async function audit(database: Database, sends: number, way: string): Promise<Audit> {
  const found = await one<Pick<Audit, 'events' | 'lost' | 'duplicated'>>(database, effects, [sends]);
  return {
    ...found,
    outOfOrder: (await one<{ events: number }>(database, disorder)).events,
    incompleteRuns: (await one<{ runs: number }>(database, incomplete, [way])).runs,
    orphans: (await one<{ rows: number }>(database, orphans)).rows,
  };
}
