import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, startEmbeddedPostgres } from '@carillon/server';

export interface TestServer {
  readonly url: string;
  /** Stops the server if it is ours, and deletes its data. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL that may create databases: the one that TEST_DATABASE_URL names, otherwise an embedded
 * one in a throwaway folder, so that tests need nothing installed.
 */
export async function startTestServer(): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url !== undefined) return { url, stop: () => Promise.resolve() };
  const dataDir = await mkdtemp(join(tmpdir(), 'carillon-test-server-'));
  // As root another user runs the server, and has to pass.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({
    dataDir,
    log: createLog({ level: 'warn' }),
    // What a crash of the machine would lose here is thrown away anyway.
    settings: { fsync: 'off', full_page_writes: 'off' },
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
