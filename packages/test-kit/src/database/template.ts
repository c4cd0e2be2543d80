import pg from 'pg';
import { migrate } from '@carillon/server';

/** The names of the throwaway databases say which run they belong to. */
export const TEMPLATE_VARIABLE = 'CARILLON_TEST_TEMPLATE';
export const SERVER_VARIABLE = 'CARILLON_TEST_SERVER';

export interface Template {
  /** Drops it and every copy that a test file forgot; throws when there was one. */
  drop(): Promise<void>;
}

/** Makes one migrated database that every test file copies, and tells the test processes its name. */
export async function prepareTemplate(serverUrl: string): Promise<Template> {
  const name = `carillon_template_${process.pid}_${Date.now()}`;
  await command(serverUrl, `create database ${name}`);
  await migrate(withDatabase(serverUrl, name));
  process.env[TEMPLATE_VARIABLE] = name;
  process.env[SERVER_VARIABLE] = serverUrl;
  return {
    async drop() {
      const forgotten = await databasesLike(serverUrl, copyPrefix(name));
      for (const database of [...forgotten, name]) {
        await command(serverUrl, `drop database if exists ${database} with (force)`);
      }
      if (forgotten.length > 0) {
        throw new Error(`${forgotten.length} test databases were not dropped: call drop() in afterAll.`);
      }
    },
  };
}

/** How the names of a template's copies begin. */
export function copyPrefix(template: string): string {
  return template.replace('template', 'test');
}

async function databasesLike(serverUrl: string, prefix: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const text = 'select datname as name from pg_database where starts_with(datname, $1)';
    return (await client.query<{ name: string }>(text, [prefix])).rows.map((row) => row.name);
  } finally {
    await client.end();
  }
}

/** Runs one command outside a transaction, on a connection of its own. */
export async function command(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
