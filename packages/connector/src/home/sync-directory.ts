import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes new and renamed names in a directory survive a power cut; the files' own sync does not. */
export function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
