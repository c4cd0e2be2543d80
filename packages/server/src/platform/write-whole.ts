import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file so that it is there whole or not at all, also after a crash of the machine. */
export async function writeWhole(path: string, text: string, mode = 0o644): Promise<void> {
  await rename(await writeUnfinished(path, text, mode), path);
  await syncFolder(dirname(path));
}

/** As writeWhole, but a file that is there stays as it is; of several writers at once, one wins. */
export async function createWhole(path: string, text: string, mode = 0o644): Promise<void> {
  const unfinished = await writeUnfinished(path, text, mode);
  try {
    await link(unfinished, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(unfinished);
  }
  await syncFolder(dirname(path));
}

/** Makes renames in `folder` survive a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeUnfinished(path: string, text: string, mode: number): Promise<string> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(unfinished, 'wx', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return unfinished;
}
