import { ConfigInvalid } from '../config/config-invalid.ts';

/** What the connector works with and does not bring along, in the versions that it is tested with. */
export const PARTS = {
  mysql2: ['mysql2@3.24.6'],
  '@vlasky/zongji': ['@vlasky/zongji@0.9.0'],
  'better-sqlite3': ['better-sqlite3@12.9.0'],
  'csv-parse': ['csv-parse@7.0.3'],
  hyparquet: ['hyparquet@1.31.5', 'hyparquet-compressors@1.1.2'],
} as const;

/**
 * Loads a module that stands on a part, where that is installed.
 *
 * @throws ConfigInvalid with the line that installs it.
 */
export async function loadPart<Module>(
  name: keyof typeof PARTS,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    const parts = PARTS[name].join(' ');
    throw new ConfigInvalid('source', `needs a part that is not installed: npm install -E ${parts}`);
  }
}
