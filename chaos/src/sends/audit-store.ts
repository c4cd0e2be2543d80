import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';

/**
 * Whenever a chunk changes hands while ids are in doubt, the ids are written down with the owner who
 * left them. Only a trigger sees every such moment: asking after a kill would race with the take-over.
 */
const WATCH = [
  `create table chaos_doubts (id bigint generated always as identity, message_id uuid not null, lane int not null,
     page int not null, owner uuid not null, ids uuid[] not null)`,
  `create function chaos_note_doubts() returns trigger language plpgsql as $$
   begin
     insert into chaos_doubts (message_id, lane, page, owner, ids)
     values (old.message_id, old.lane, old.page, old.claimed_by, old.doubt_ids);
     return null;
   end $$`,
  `create trigger chaos_doubts after update on message_chunks for each row
   when (new.epoch <> old.epoch and cardinality(old.doubt_ids) > 0) execute function chaos_note_doubts()`,
];

// A page is opened before anything of it is handed over, and every opening has its own number. Whoever
// claimed a chunk and died before that has handed nothing over: only the first to lose a page counts.
const doubts = statement(
  'chaos.doubts',
  `select message_id as "messageId", owner, unnest(ids) as "subscriptionId"
   from (select distinct on (message_id, lane, page) * from chaos_doubts order by message_id, lane, page, id) d`,
);

const unfinished = statement(
  'chaos.unfinished-chunks',
  `select count(*)::int as chunks from message_chunks where state <> 'done'`,
);

const ledger = statement(
  'chaos.ledger',
  `select d.message_id as "messageId", d.subscription_id as "subscriptionId", d.state, d.reason, d.attempts, s.token
   from deliveries d join subscriptions s on s.id = d.subscription_id`,
);

const targets = statement(
  'chaos.targets',
  `select message_id as "messageId", unnest(targets) as "subscriptionId" from message_chunks`,
);

const addresses = statement('chaos.addresses', 'select id, token from subscriptions');

const left = statement(
  'chaos.left-in-chunks',
  `select (select count(*)::int from delivery_retries) as retries,
     (select count(*)::int from message_chunks where doubt_ids is not null or retrying <> 0) as chunks`,
);

/** Of the API and of the workers, not of this program itself. */
const cut = statement(
  'chaos.cut-connections',
  `select pg_terminate_backend(pid) from pg_stat_activity
   where datname = current_database() and application_name in ('carillon api', 'carillon sender')`,
);

interface Place {
  readonly messageId: string;
  readonly subscriptionId: string;
}

export interface Doubt extends Place {
  /** Whose hands it was in when another took it over. */
  readonly owner: string;
}

export interface LedgerRow extends Place {
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: number;
  readonly token: string;
}

export async function watchDoubts(database: Database): Promise<void> {
  for (const text of WATCH) await database.run({ name: '', text });
}

export function readDoubts(database: Database): Promise<Doubt[]> {
  return database.rows<Doubt>(doubts);
}

export async function countUnfinished(database: Database): Promise<number> {
  return (await database.rows<{ chunks: number }>(unfinished))[0]?.chunks ?? 0;
}

export function readLedger(database: Database): Promise<LedgerRow[]> {
  return database.rows<LedgerRow>(ledger);
}

export function readTargets(database: Database): Promise<Place[]> {
  return database.rows<Place>(targets);
}

/** Of everybody. */
export function readAddresses(
  database: Database,
): Promise<{ readonly id: string; readonly token: string }[]> {
  return database.rows(addresses);
}

/** Every statement under way fails, and whatever it had not committed is undone. */
export async function cutConnections(database: Database): Promise<void> {
  await database.run(cut);
}

/** What should be empty once every chunk is done. */
export async function readLeft(database: Database): Promise<{ retries: number; chunks: number }> {
  return (await database.rows<{ retries: number; chunks: number }>(left))[0] ?? { retries: 0, chunks: 0 };
}
