import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';

const FOLDER = new URL('../../../migrations/functions/', import.meta.url);

/** What files of the folder declare: `create function name(`, and the types of rows that functions pass on. */
const FUNCTION = /^create function (\w+)\s*\(/gm;
const TYPE = /^create type (\w+)\s/gm;

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
    for (const { signature } of await present(client, declared(texts, FUNCTION))) {
      await client.query(`drop function ${signature}`);
    }
    const types = texts.filter((text) => text.search(TYPE) !== -1);
    for (const name of declared(types, TYPE)) await client.query(`drop type if exists ${name} cascade`);
    await createTypes(client, types);
    for (const text of texts) if (!types.includes(text)) await client.query(text);
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

function declared(texts: readonly string[], pattern: RegExp): string[] {
  return texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
}

/** A type that is made of another one comes after it. */
async function createTypes(client: pg.Client, texts: readonly string[]): Promise<void> {
  const names = declared(texts, TYPE);
  let left = [...texts];
  while (left.length > 0) {
    const ready = left.filter(
      (text) => !left.some((other) => other !== text && isMadeOf(text, nameOf(other))),
    );
    if (ready.length === 0) throw new Error(`types are made of each other: ${names.join(', ')}`);
    for (const text of ready) await client.query(text);
    left = left.filter((text) => !ready.includes(text));
  }
}

const isMadeOf = (text: string, name: string) => new RegExp(`\\b\\w+ ${name}\\b`).test(body(text));
const nameOf = (text: string) => declared([text], TYPE)[0] ?? '';
const body = (text: string) => text.slice(text.indexOf('create type'));

/** Every form that a function of these names has now, whatever its parameters. */
async function present(client: pg.Client, names: readonly unknown[]): Promise<{ signature: string }[]> {
  const { rows } = await client.query<{ signature: string }>(
    `select p.oid::regprocedure::text as signature from pg_proc p
     where p.pronamespace = current_schema()::regnamespace and p.proname = any($1)`,
    [names],
  );
  return rows;
}
