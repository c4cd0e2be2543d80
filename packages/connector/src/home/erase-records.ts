import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { erased } from './queued-item.ts';
import { framed, readAllRecords } from './record-file.ts';

/**
 * Writes a file of records anew with those that match blank and every other in its place. Says
 * whether there were any. A crash leaves the old file or the new one.
 */
export function eraseRecords(path: string, matches: (record: Buffer) => boolean): boolean {
  let found = false;
  readAllRecords(path, (record) => {
    found ||= matches(record);
  });
  if (!found) return false;
  const file = openSync(`${path}.new`, 'w');
  try {
    readAllRecords(path, (record) => {
      const kept = matches(record) ? erased(record) : record;
      writeSync(file, framed([kept]));
    });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  return true;
}
