import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { framed } from './record-file.ts';
import { writeWhole } from './write-whole.ts';

interface Patch {
  /** Where the record's frame begins. */
  readonly at: number;
  /** Base64. */
  readonly record: string;
}

/**
 * Puts a record of the same length in the place of one that begins at `at`, in a file that another process
 * may be appending to. A crash leaves the old one, the new one, or a note from which `finishOverwriting`
 * makes the new one.
 */
export function overwriteRecord(path: string, at: number, record: Buffer): void {
  writeWhole(noteOf(path), JSON.stringify({ at, record: record.toString('base64') } satisfies Patch));
  finishOverwriting(path);
}

/** Whoever opens the file calls it first. */
export function finishOverwriting(path: string): void {
  const note = noteOf(path);
  if (!existsSync(note)) return;
  if (existsSync(path)) {
    const { at, record: encoded } = JSON.parse(readFileSync(note, 'utf8')) as Patch;
    const bytes = framed([Buffer.from(encoded, 'base64')]);
    const file = openSync(path, 'r+');
    try {
      writeSync(file, bytes, 0, bytes.length, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
  rmSync(note, { force: true });
}

function noteOf(path: string): string {
  return `${path}.patch`;
}
