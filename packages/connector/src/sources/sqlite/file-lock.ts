import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Takes the home for this process. Gives what lets it go; null while another process that lives has it. */
export function takeFileLock(home: string): (() => void) | null {
  const path = join(home, 'lock');
  mkdirSync(home, { recursive: true });
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
      if (isAlive(path)) return null;
      rmSync(path, { force: true });
    }
  }
}

/** A process that was killed leaves its lock behind. */
function isAlive(path: string): boolean {
  try {
    process.kill(Number(readFileSync(path, 'utf8')), 0);
    return true;
  } catch (error) {
    // Somebody else's process lives as well.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
