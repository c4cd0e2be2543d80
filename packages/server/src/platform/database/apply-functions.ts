import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';

const FOLDER = new URL('../../../migrations/functions/', import.meta.url);

/** What a file of the folder declares: `create function name(`. */
const DECLARED = /^create function (\w+)\s*\(/gm;

/**
 * Makes the database's functions those of `migrations/functions`: all of them in one transaction, when
 * any differs from what was put in last. The caller holds the lock of migrations. Returns whether
 * anything was done.
 */
export async function applyFunctions(client: pg.Client): Promise<boolean> {
  const texts = await readTexts();
  const hash = createHash('sha256').update(texts.join('\u0000')).digest('hex');
  await client.query(
    'create table if not exists functions_version (only_one boolean primary key default true check (only_one), hash text not null)',
  );
  const { rows } = await client.query<{ hash: string }>('select hash from functions_version');
  if (rows[0]?.hash === hash) return false;
  await client.query('begin');
  try {
    // Functions call each other, whatever the order of their files.
    await client.query('set local check_function_bodies = off');
    const names = texts.flatMap((text) => [...text.matchAll(DECLARED)].map((match) => match[1]));
    for (const { signature } of await present(client, names)) {
      await client.query(`drop function ${signature}`);
    }
    for (const text of texts) await client.query(text);
    await client.query(
      'insert into functions_version (hash) values ($1) on conflict (only_one) do update set hash = excluded.hash',
      [hash],
    );
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
  return true;
}

async function readTexts(): Promise<string[]> {
  const files = (await readdir(fileURLToPath(FOLDER))).filter((file) => file.endsWith('.sql')).toSorted();
  return Promise.all(files.map((file) => readFile(new URL(file, FOLDER), 'utf8')));
}

/** Every form that a function of these names has now, whatever its parameters. */
async function present(client: pg.Client, names: readonly unknown[]): Promise<{ signature: string }[]> {
  const { rows } = await client.query<{ signature: string }>(
    `select p.oid::regprocedure::text as signature from pg_proc p
     where p.pronamespace = current_schema()::regnamespace and p.proname = any($1)`,
    [names],
  );
  return rows;
}
