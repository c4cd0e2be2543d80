import { randomBytes } from 'node:crypto';
import { Database, migrate } from '@carillon/server';
import { command, withDatabase } from './template.ts';
import type { TestDatabase } from './test-database.ts';
import { startTestServer } from './test-server.ts';

/**
 * A fresh, migrated database outside the test runner: for benchmarks and chaos runs. `url` names a
 * PostgreSQL 15+ that may create databases; when absent it is TEST_DATABASE_URL or an embedded server,
 * which `drop` stops. `durable` as for `startTestServer`.
 */
export async function createScratchDatabase(url?: string, { durable = false } = {}): Promise<TestDatabase> {
  const server =
    url === undefined ? await startTestServer({ durable }) : { url, stop: () => Promise.resolve() };
  const name = `carillon_scratch_${randomBytes(6).toString('hex')}`;
  await command(server.url, `create database ${name}`);
  const own = withDatabase(server.url, name);
  await migrate(own);
  const database = new Database({ url: own, connections: 8, applicationName: 'carillon scratch' });
  return {
    url: own,
    database,
    async drop() {
      await database.end();
      await command(server.url, `drop database if exists ${name} with (force)`);
      await server.stop();
    },
  };
}
