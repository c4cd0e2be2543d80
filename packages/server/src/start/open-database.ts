import type { Config } from '../platform/config/index.ts';
import { startEmbeddedPostgres } from '../platform/embedded-postgres/index.ts';
import type { Logger } from '../platform/log.ts';
import type { Closers } from './closers.ts';

export interface OpenedDatabase {
  /** For our own connections. */
  readonly url: string;
  /** The same database over TCP, for tools. */
  readonly toolUrl: string;
}

/** The configured database, or the embedded one, started. */
export async function openDatabase(config: Config, log: Logger, closers: Closers): Promise<OpenedDatabase> {
  const { database } = config;
  switch (database.kind) {
    case 'external':
      return { url: database.url, toolUrl: database.url };
    case 'embedded': {
      const server = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
      closers.add('the embedded database', () => server.stop());
      return { url: server.url, toolUrl: server.tcpUrl };
    }
  }
}
