import { randomBytes } from 'node:crypto';
import { Database, migrate } from '@carillon/server';
import { command, withDatabase } from './template.ts';
import type { TestDatabase } from './test-database.ts';

/**
 * A fresh, migrated database outside the test runner: for benchmarks and chaos runs. `server` is a
 * PostgreSQL 15+ that may create databases; TEST_DATABASE_URL when absent.
 */
export async function createScratchDatabase(
  server = process.env['TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (server === undefined)
    throw new Error('Set TEST_DATABASE_URL to a PostgreSQL 15+ that may create databases.');
  const name = `carillon_scratch_${randomBytes(6).toString('hex')}`;
  await command(server, `create database ${name}`);
  const url = withDatabase(server, name);
  await migrate(url);
  const database = new Database({ url, connections: 8, applicationName: 'carillon scratch' });
  return {
    url,
    database,
    async drop() {
      await database.end();
      await command(server, `drop database if exists ${name} with (force)`);
    },
  };
}
