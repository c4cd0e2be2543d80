import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

const OURS =
  /^(?:lock|run\.json|current|forgotten\.json|rejects\.log|imported\.log|asked|seen|received|received-news|(?:table|journal|outbox)-\d+\.\w+)(?:\.new)?$/;

/** Files of ours in a home. Whatever else lies there is somebody else's. */
export function filesOfHome(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => OURS.test(name)) : [];
}

/** Removes them, and the folder if nothing else is in it. */
export function removeHome(directory: string): void {
  for (const name of filesOfHome(directory)) rmSync(join(directory, name), { recursive: true });
  if (existsSync(directory) && readdirSync(directory).length === 0) rmdirSync(directory);
}
