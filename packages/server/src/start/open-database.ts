import type { Config } from '../platform/config/index.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';

/** Returns the URL of the configured database, or of the embedded one, started. */
export async function openDatabase(config: Config, log: Logger, closers: Closers): Promise<string> {
  const { database } = config;
  switch (database.kind) {
    case 'external':
      return database.url;
    case 'embedded': {
      const server = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
      closers.add('the embedded database', () => server.stop());
      return server.url;
    }
  }
}
