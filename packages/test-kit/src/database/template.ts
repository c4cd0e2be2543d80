import pg from 'pg';
import { migrate } from '@carillon/server';

/** The names of the throwaway databases say which run they belong to. */
export const TEMPLATE_VARIABLE = 'CARILLON_TEST_TEMPLATE';
export const SERVER_VARIABLE = 'CARILLON_TEST_SERVER';

export interface Template {
  drop(): Promise<void>;
}

/** Makes one migrated database that every test file copies, and tells the test processes its name. */
export async function prepareTemplate(serverUrl: string): Promise<Template> {
  const name = `carillon_template_${process.pid}_${Date.now()}`;
  await command(serverUrl, `create database ${name}`);
  await migrate(withDatabase(serverUrl, name));
  process.env[TEMPLATE_VARIABLE] = name;
  process.env[SERVER_VARIABLE] = serverUrl;
  return { drop: () => command(serverUrl, `drop database if exists ${name} with (force)`) };
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
