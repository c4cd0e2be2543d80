import { statement } from '@carillon/server';
import type { Queryable } from '@carillon/server';

/** Rows a statement: more would hold their locks and their memory for seconds. */
const ROWS = 50_000;

// Every message is for one subscription, which has its own lane: a message and one chunk, as a scheduled
// small send makes them. Its id begins with the time of the insert, like every message's.
const insert = statement(
  'bench.schedule',
  `with one as materialized (
     select n, (lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7'
         || right(md5(random()::text || n), 19))::uuid as id,
       $1::uuid[] as apps, $4::timestamptz + n * $5::float8 * interval '1 millisecond' as at
     from generate_series(0, $2::int - 1) n
   ),
   placed as materialized (
     select one.id, one.apps[1 + one.n % cardinality(one.apps)] as app_id, one.at, s.lane, s.id as subscription
     from one join bench_subscriptions s on s.n = one.n % (select count(*) from bench_subscriptions)
   ),
   made as (
     insert into messages (id, app_id, kind, channel, content_id, queued_at, send_after)
     select id, app_id, 'api', 'email', $3, now(), at from placed
   )
   insert into message_chunks (message_id, lane, app_id, channel, state, priority, due_at, targets)
   select id, lane, app_id, 'email', 'ready', 0, at, array[subscription] from placed`,
);

const number = statement(
  'bench.number-subscriptions',
  `create table bench_subscriptions as
   select row_number() over () - 1 as n, lane, id from subscriptions where app_id = $1`,
);

const lateness = statement(
  'bench.lateness',
  `select extract(epoch from d.at - m.send_after)::float8 * 1000 as ms, extract(epoch from d.at)::float8 * 1000 as at
   from messages m
   join message_chunks c on c.message_id = m.id
   join deliveries d on d.lane = c.lane and d.message_id = m.id
   where m.app_id = any($3) and m.kind = 'api' and m.send_after >= $1 and m.send_after < $2`,
);

const left = statement(
  'bench.left',
  `select count(*)::int as left from message_chunks where state <> 'done' and priority = 0 and due_at < $1`,
);

const commits = statement(
  'bench.commits',
  'select xact_commit::float8 as commits from pg_stat_database where datname = current_database()',
);

const newest = statement(
  'bench.content',
  'select content_id as id from messages where app_id = $1 order by queued_at desc limit 1',
);

/** Gives the app's subscriptions numbers, so that messages are spread over them. Once, after they are made. */
export async function numberSubscriptions(database: Queryable, appId: string): Promise<void> {
  // A statement that creates takes no parameters.
  await database.run({ name: '', text: number.text.replace('$1', `'${appId}'`) });
  await database.run({ name: '', text: 'alter table bench_subscriptions add primary key (n)' });
  await database.run({ name: '', text: 'vacuum analyze bench_subscriptions' });
}

/** The content of the app's newest message. */
export async function contentOf(database: Queryable, appId: string): Promise<string> {
  return (await database.rows<{ id: string }>(newest, [appId]))[0]?.id ?? '';
}

export interface Schedule {
  /** The messages belong to them in turn. */
  readonly apps: readonly string[];
  readonly contentId: string;
  readonly count: number;
  /** When the first is due, in milliseconds since the epoch. */
  readonly from: number;
  /** Milliseconds from one to the next; 0 for all at once. */
  readonly everyMs: number;
}

/** Schedules messages straight into the tables: what the API would make, in seconds instead of minutes. */
export async function schedule(
  database: Queryable,
  { apps, contentId, count, from, everyMs }: Schedule,
): Promise<void> {
  for (let done = 0; done < count; done += ROWS) {
    const rows = Math.min(ROWS, count - done);
    await database.run(insert, [apps, rows, contentId, new Date(from + done * everyMs), everyMs]);
  }
}

/** As autovacuum would have left the tables after a while. */
export async function settle(database: Queryable): Promise<void> {
  for (const table of ['messages', 'message_chunks']) {
    await database.run({ name: '', text: `vacuum (analyze) ${table}` });
  }
  await database.run({ name: '', text: 'checkpoint' });
}

/** Of the messages due from `from` to `to`: milliseconds from due to handed over, and when that was. */
export function latenessOf(
  database: Queryable,
  apps: readonly string[],
  from: number,
  to: number,
): Promise<{ readonly ms: number; readonly at: number }[]> {
  return database.rows(lateness, [new Date(from), new Date(to), apps]);
}

/** How many chunks that are due before `to` are not done. */
export async function leftBefore(database: Queryable, to: number): Promise<number> {
  return (await database.rows<{ left: number }>(left, [new Date(to)]))[0]?.left ?? 0;
}

/** Transactions that this database has committed so far, as far as its backends have told. */
export async function commitsOf(database: Queryable): Promise<number> {
  return (await database.rows<{ commits: number }>(commits))[0]?.commits ?? 0;
}
