import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';
import { one } from '../lanes/audit-store.ts';

/** Webhooks belong to an app that is there. */
const makeApp = statement(
  'chaos.make-app',
  `with o as (insert into organizations (id, name, created_at, updated_at) values ($1, 'Chaos', now(), now()))
   insert into apps (id, organization_id, name, created_at, updated_at) values ($1, $1, 'Chaos', now(), now())`,
);

const events = statement('chaos.events-in', 'select count(*)::int as events from custom_events');

const calls = statement('chaos.calls-left', 'select count(*)::int as calls from webhook_calls');

const counts = statement(
  'chaos.webhook-counts',
  `select sum(delivered)::int as delivered, sum(given_up)::int as "givenUp",
     coalesce(array_agg(reason) filter (where state <> 'active'), '{}') as disabled from webhooks`,
);

const taken = statement(
  'chaos.calls-taken',
  `select call_id as "callId", count(*)::int as times from webhook_attempts where outcome = 'taken' group by call_id`,
);

export async function insertApp(database: Database, appId: string): Promise<void> {
  await database.run(makeApp, [appId]);
}

/** What is stored of webhooks and of the events that led to them. */
export interface Books {
  readonly events: number;
  /** Calls that are still to be made. */
  readonly left: number;
  readonly delivered: number;
  readonly givenUp: number;
  /** Why webhooks were disabled. */
  readonly disabled: readonly string[];
  /** How often each call was written down as taken. */
  readonly taken: ReadonlyMap<string, number>;
}

export async function callsLeft(database: Database): Promise<number> {
  return (await one<{ calls: number }>(database, calls)).calls;
}

export async function readBooks(database: Database): Promise<Books> {
  const rows = await database.rows<{ callId: string; times: number }>(taken);
  return {
    events: (await one<{ events: number }>(database, events)).events,
    left: await callsLeft(database),
    ...(await one<Pick<Books, 'delivered' | 'givenUp' | 'disabled'>>(database, counts)),
    taken: new Map(rows.map(({ callId, times }) => [callId, times])),
  };
}
