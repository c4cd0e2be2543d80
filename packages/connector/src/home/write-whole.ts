import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';

/** The old text or the new one, never a part. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  const file = openSync(`${path}.new`, 'r');
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
}
