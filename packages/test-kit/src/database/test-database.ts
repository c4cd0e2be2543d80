import { randomBytes } from 'node:crypto';
import { Database } from '@carillon/server';
import { SERVER_VARIABLE, TEMPLATE_VARIABLE, command, copyPrefix, withDatabase } from './template.ts';

export interface TestDatabase {
  readonly url: string;
  readonly database: Database;
  /** Closes the connections and drops the database. Call it in afterAll. */
  drop(): Promise<void>;
}

/** A fresh, migrated database of this test file's own: a copy of the run's template. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env[SERVER_VARIABLE];
  const template = process.env[TEMPLATE_VARIABLE];
  if (server === undefined || template === undefined) {
    throw new Error('No template database: system tests are named *.system.test.ts and run by vitest.');
  }
  const name = `${copyPrefix(template)}_${randomBytes(6).toString('hex')}`;
  await command(server, `create database ${name} template ${template}`);
  const url = withDatabase(server, name);
  const database = new Database({ url, connections: 8, applicationName: 'carillon test' });
  return {
    url,
    database,
    async drop() {
      await database.end();
      await command(server, `drop database if exists ${name} with (force)`);
    },
  };
}
