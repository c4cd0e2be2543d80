import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { overwriteRecord } from './overwrite-record.ts';
import { erased, isErased } from './queued-item.ts';
import { readRecords } from './record-file.ts';
import type { Seal } from './seal.ts';
import { spoolName, spoolSegmentsIn } from './spool.ts';

const BATCH = 200;
const SPACE = 0x20;

/**
 * Takes somebody out of every record of a spool, also of those that are done and not removed yet. `without`
 * gives what is left of a record, which is no longer than it was: null where that is nothing, the very
 * same where it does not speak of them.
 */
export function eraseFromSpool(
  directory: string,
  seal: Seal,
  without: (record: Buffer) => Buffer | null,
): void {
  if (!existsSync(directory)) return;
  for (const segment of spoolSegmentsIn(directory)) {
    const path = join(directory, spoolName(segment));
    for (let at = 0; existsSync(path);) {
      const found = readRecords(path, at, BATCH);
      for (const { record, end } of found) {
        const start = at;
        at = end;
        if (isErased(record)) continue;
        const opened = seal.open(record);
        const left = without(opened);
        if (left === opened) continue;
        const next = left === null ? erased(record) : seal.close(padded(left, opened.length));
        // A record from before there was a key is shorter than a closed one: it stays open.
        const fits = next.length === record.length;
        overwriteRecord(path, start, fits || left === null ? next : padded(left, opened.length));
      }
      if (found.length < BATCH) break;
    }
  }
}

/** JSON with spaces behind it is the same JSON. */
function padded(json: Buffer, length: number): Buffer {
  return Buffer.concat([json, Buffer.alloc(length - json.length, SPACE)]);
}
