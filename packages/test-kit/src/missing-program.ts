import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INSTALL_MS = 280_000;

/**
 * Installs a program of Debian's where that is possible, by a script of `tools`. Says why it is not there; null when it is.
 *
 * @param path where the program is
 * @param script `mariadb` is `tools/mariadb/install.sh`
 */
export function missingProgram(path: string, script: string): string | null {
  if (existsSync(path)) return null;
  if (process.getuid?.() !== 0) return `${path} is not there, and only root can install it`;
  if (!existsSync('/usr/bin/apt-get')) return `${path} is not there, and neither is apt-get`;
  try {
    const install = fileURLToPath(new URL(`../../../tools/${script}/install.sh`, import.meta.url));
    execFileSync(install, { stdio: ['ignore', 'ignore', 'pipe'], timeout: INSTALL_MS });
    return null;
  } catch (error) {
    return `${path} could not be installed: ${(error as Error).message}`;
  }
}
