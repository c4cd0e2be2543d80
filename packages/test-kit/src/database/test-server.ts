import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, startEmbeddedPostgres } from '@carillon/server';

export interface TestServer {
  readonly url: string;
  /** Stops the server if it is ours, and deletes its data. */
  stop(): Promise<void>;
}

const PREFIX = 'carillon-test-server-';
/** Younger folders may be about to get their owner. */
const ABANDONED_MS = 60_000;

/**
 * A PostgreSQL that may create databases: the one that TEST_DATABASE_URL names, otherwise an embedded
 * one in a throwaway folder, so that tests need nothing installed. `durable` is for measuring: an
 * embedded server then waits for the disk as a real one does.
 */
export async function startTestServer({ durable = false } = {}): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  await removeAbandoned();
  const dataDir = await mkdtemp(join(tmpdir(), PREFIX));
  // As root another user runs the server, and has to pass.
  await chmod(dataDir, 0o755);
  return startIn(dataDir, 'warn', durable);
}

async function startIn(dataDir: string, level: string, durable = false): Promise<TestServer> {
  const server = await startEmbeddedPostgres({
    dataDir,
    log: createLog({ level }),
    // What a crash of the machine would lose here is thrown away anyway.
    settings: durable ? {} : { fsync: 'off', full_page_writes: 'off' },
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      // As root, in a temporary folder that is closed to others, the data is elsewhere: both go.
      for (const folder of [server.folder, dataDir]) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A run that was killed leaves its server running. Starting on its folder ends that one. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const dataDir = join(tmpdir(), name);
    const { mtimeMs } = await stat(dataDir).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs < ABANDONED_MS) continue;
    // Refused when its owner lives, or when the folder is another user's.
    const server = await startIn(dataDir, 'silent').catch(() => null);
    await server?.stop();
  }
}
