import { ConfigInvalid } from '../config/config-invalid.ts';

/** Drivers that the connector works with and does not bring along, with the versions it is tested with. */
export const DRIVERS = {
  mysql2: '3.24.6',
  '@vlasky/zongji': '0.9.0',
  'better-sqlite3': '12.9.0',
} as const;

/**
 * Loads a driver where it is installed.
 *
 * @throws ConfigInvalid with the line that installs it.
 */
export async function loadDriver<Module>(
  name: keyof typeof DRIVERS,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ConfigInvalid(
      'source',
      `needs a driver that is not installed: npm install -E ${name}@${DRIVERS[name]}`,
    );
  }
}
