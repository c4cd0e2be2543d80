import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newMasterKey, parseMasterKeys } from '../crypto/index.ts';
import type { MasterKeys } from '../crypto/index.ts';
import { hasEmbeddedPostgres } from '../embedded-postgres/index.ts';
import { createWhole } from '../write-whole.ts';
import { ConfigurationError } from './config.ts';
import type { Config } from './config.ts';

/**
 * The keys that are configured; with the embedded database and none configured, those in
 * `master.key` in the data folder. To be called before the embedded database is started: the file is
 * made when there is no database yet. When there is one, a missing file is a ConfigurationError,
 * because a new key would not open what the lost one encrypted.
 */
export async function loadMasterKeys(config: Pick<Config, 'masterKey' | 'dataDir'>): Promise<MasterKeys> {
  if (config.masterKey !== null) return parseMasterKeys(config.masterKey);
  const path = join(config.dataDir, 'master.key');
  if (!(await exists(path))) {
    if (await hasEmbeddedPostgres(config.dataDir)) {
      throw new ConfigurationError([
        `${path} is missing, and the database in ${config.dataDir} was written with it. Restore the file from a backup, or set CARILLON_MASTER_KEY to the key.`,
      ]);
    }
    await create(config.dataDir, path);
  }
  return parseMasterKeys((await readFile(path, 'utf8')).trim());
}

async function create(dataDir: string, path: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
    // Two first starts at once both come here: one key wins and both read that one.
    await createWhole(path, `${newMasterKey()}\n`, 0o600);
  } catch (error) {
    throw new ConfigurationError([
      `CARILLON_DATA_DIR: ${dataDir} cannot be written (${(error as NodeJS.ErrnoException).code}). Start as the user it belongs to, or choose another folder.`,
    ]);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
