import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import { statement } from '@carillon/server';
import type { Database } from '@carillon/server';
import { person, pieces } from './people.ts';

const APP = '00000000-0000-4000-8000-00000000000a';

/** The tables that a user with one address fills, without keys, indexes or rules. */
const TABLES = {
  bare_users: 'lane int, id uuid, app_id uuid, external_id text, tags jsonb',
  bare_aliases: 'app_id uuid, label text, value text, lane int, user_id uuid',
  bare_subscriptions: 'lane int, id uuid, app_id uuid, user_id uuid, type text, token text',
  bare_tokens: 'app_id uuid, type text, token text, lane int, subscription_id uuid, user_id uuid',
} as const;

/** Users a second that COPY reaches for the same people, four tables one after the other, one connection. */
export async function bareCopyRate(database: Database, count: number): Promise<number> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const rows: Record<keyof typeof TABLES, (n: number) => readonly (string | number)[]> = {
    bare_users: (n) => [n % 256, ids[n] ?? '', APP, person(n).externalId, JSON.stringify(person(n).tags)],
    bare_aliases: (n) => [APP, 'external_id', person(n).externalId, n % 256, ids[n] ?? ''],
    bare_subscriptions: (n) => [n % 256, ids[n] ?? '', APP, ids[n] ?? '', 'Email', person(n).email],
    bare_tokens: (n) => [APP, 'Email', person(n).email, n % 256, ids[n] ?? '', ids[n] ?? ''],
  };
  const names = Object.keys(TABLES) as (keyof typeof TABLES)[];
  for (const name of names) {
    await database.run(statement('', `drop table if exists ${name}`));
    await database.run(statement('', `create table ${name} (${TABLES[name]})`));
  }
  const start = performance.now();
  for (const name of names) {
    const lines = pieces(count, (n) => `${rows[name](n).join('\t')}\n`);
    const session = await database.session();
    await pipeline(Readable.from(lines), session.query(from(`copy ${name} from stdin`)));
    session.release();
  }
  const rate = (count / (performance.now() - start)) * 1_000;
  for (const name of names) await database.run(statement('', `drop table ${name}`));
  // What it left to be written is not to be paid for by what is measured next.
  await database.run(statement('', 'checkpoint'));
  return rate;
}
