import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileBroken } from './file-broken.ts';
import { isPattern, namePattern } from './name-pattern.ts';
import type { StoredFile } from './stored-file.ts';

/**
 * The files of a path, in the order of their names.
 *
 * @throws FileBroken where there is none: no file is not an empty table.
 */
export async function localFiles(path: string): Promise<StoredFile[]> {
  if (!isPattern(basename(path))) return [localFile(path)];
  const folder = dirname(path);
  const pattern = namePattern(basename(path));
  const names = await readdir(folder).catch((error: unknown) => {
    throw new FileBroken(path, null, 'its folder cannot be read', error);
  });
  const found = names.filter((name) => pattern.test(name)).toSorted();
  if (found.length === 0) throw new FileBroken(path, null, 'no file has such a name');
  return found.map((name) => localFile(join(folder, name)));
}

function localFile(path: string): StoredFile {
  return {
    name: path,
    async version() {
      const { ino, size, mtimeNs } = await stat(path, { bigint: true }).catch((error: unknown) => {
        throw new FileBroken(path, null, 'cannot be read', error);
      });
      if (size === 0n) throw new FileBroken(path, null, 'is empty: not even a line of names is there');
      return `${path} ${ino} ${size} ${mtimeNs}`;
    },
    open: () => Promise.resolve(createReadStream(path, { highWaterMark: 256 * 1024 })),
    async ranges() {
      const file = await open(path);
      const { size } = await file.stat();
      return {
        byteLength: size,
        async slice(start, end = size) {
          const bytes = new Uint8Array(Math.max(0, end - start));
          const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
          if (bytesRead < bytes.length) throw new FileBroken(path, null, 'ends too early');
          return bytes.buffer;
        },
        close: () => file.close(),
      };
    },
  };
}
