import {
  closeSync,
  copyFileSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { entryLength, keyOf } from './seen-entry.ts';
import { SeenReader } from './seen-reader.ts';

const CHUNK = 1024 * 1024;

/** Writes a file of what was seen anew without a key. Says whether the key was in it. */
export function eraseSeen(path: string, key: string): boolean {
  const place = find(path, key);
  if (place === null) return false;
  const next = `${path}.new`;
  copyFileSync(path, next);
  const from = openSync(path, 'r');
  const to = openSync(next, 'r+');
  try {
    const bytes = Buffer.alloc(CHUNK);
    let at = place.at;
    for (;;) {
      const read = readSync(from, bytes, 0, CHUNK, at + place.length);
      if (read === 0) break;
      writeSync(to, bytes, 0, read, at);
      at += read;
    }
    ftruncateSync(to, at);
    fsyncSync(to);
  } finally {
    closeSync(from);
    closeSync(to);
  }
  renameSync(next, path);
  return true;
}

function find(path: string, key: string): { readonly at: number; readonly length: number } | null {
  const reader = new SeenReader(path);
  try {
    for (let stands = reader.first(); stands; stands = reader.next()) {
      if (keyOf(reader) === key) return { at: reader.offset, length: entryLength(reader) };
    }
    return null;
  } finally {
    reader.close();
  }
}
