import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrap } from '../modules/accounts/index.ts';
import type { FirstAccount } from '../modules/accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config/index.ts';
import type { Database } from '../platform/database/database.ts';
import { writeWhole } from '../platform/write-whole.ts';

const FILE = 'first-account.json';

/**
 * The first organization and app with their keys, made when the database has none. With the
 * embedded database they are kept in a file of the data folder that only its owner can read, so
 * that every start can print them; with another database they are told once, to whoever started it
 * first.
 */
export async function firstAccount(
  config: Config,
  database: Database,
  clock: Clock,
): Promise<FirstAccount | null> {
  if (config.database.kind !== 'embedded') return bootstrap(database, clock);
  const path = join(config.dataDir, FILE);
  const made = await bootstrap(database, clock, (account) =>
    writeWhole(path, `${JSON.stringify(account, null, 2)}\n`, 0o600),
  );
  return made ?? (await readKept(path));
}

async function readKept(path: string): Promise<FirstAccount | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as FirstAccount;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
