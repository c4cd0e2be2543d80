import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { installJobs } from '../jobs/install-jobs.ts';
import { applyFunctions } from './apply-functions.ts';

/** Any constant: what matters is that all our processes wait for the same lock. */
const MIGRATION_LOCK = 4_715_203_981;

const FOLDER = new URL('../../../migrations/', import.meta.url);
const FILE_NAME = /^(\d{6})_[a-z0-9_]+\.sql$/;

/** PostgreSQL 15 is the oldest that is tested. */
const OLDEST_SERVER = 150_000;

export class DatabaseTooNew extends Error {}
export class DatabaseTooOld extends Error {}

/**
 * Brings the schema, its functions and the job queue up to date and returns the numbers of the migrations that ran.
 * Each runs in a transaction of its own together with its row in `migrations`; processes that start
 * together wait for one another and find nothing left to do.
 *
 * Throws DatabaseTooNew when the database has been migrated by a later release, and DatabaseTooOld
 * when the server is older than PostgreSQL 15.
 */
export async function migrate(url: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'carillon migrate' });
  await client.connect();
  try {
    await refuseOldServer(client);
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'create table if not exists migrations (number int primary key, file text not null, ran_at timestamptz not null default now())',
    );
    const { rows } = await client.query<{ number: number }>('select number from migrations');
    const done = new Set(rows.map((row) => row.number));
    const files = await migrationFiles();
    refuseNewerDatabase(done, files);
    const ran: number[] = [];
    for (const { number, file } of files) {
      if (done.has(number)) continue;
      await runOne(client, number, file);
      ran.push(number);
    }
    await applyFunctions(client);
    await installJobs(url);
    return ran;
  } finally {
    await client.end();
  }
}

async function runOne(client: pg.Client, number: number, file: string): Promise<void> {
  const text = await readFile(new URL(file, FOLDER), 'utf8');
  await client.query('begin');
  try {
    await client.query('insert into migrations (number, file) values ($1, $2)', [number, file]);
    await client.query(text);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${file} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function migrationFiles(): Promise<{ number: number; file: string }[]> {
  const names = await readdir(fileURLToPath(FOLDER));
  return names
    .flatMap((file) => {
      const match = FILE_NAME.exec(file);
      return match ? [{ number: Number(match[1]), file }] : [];
    })
    .toSorted((a, b) => a.number - b.number);
}

function refuseNewerDatabase(done: ReadonlySet<number>, files: readonly { number: number }[]): void {
  const newest = Math.max(0, ...files.map((file) => file.number));
  const beyond = [...done].filter((number) => number > newest);
  if (beyond.length === 0) return;
  throw new DatabaseTooNew(
    `This database is at migration ${Math.max(...beyond)}, and this release knows only up to ${newest}. Start a release at least as new as the one that migrated it.`,
  );
}

async function refuseOldServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  const version = rows[0]?.version ?? 0;
  if (version < OLDEST_SERVER) {
    throw new DatabaseTooOld(
      `This server is PostgreSQL ${Math.floor(version / 10_000)}; Carillon needs 15 or newer.`,
    );
  }
}
