import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const SEARCH = 0o1;

/**
 * The first folder on the way down to `path` (itself included) that `user` may not enter, or null
 * when the way is free. Goes by mode bits: an access list that says otherwise is not seen.
 */
export async function firstBarrier(path: string, user: UserIds): Promise<string | null> {
  const folders = [];
  for (let folder = path; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (dirname(folder) === folder) break;
  }
  for (const folder of folders) {
    if (!mayEnter(await stat(folder), user)) return folder;
  }
  return null;
}

function mayEnter(folder: { mode: number; uid: number; gid: number }, user: UserIds): boolean {
  const shift = folder.uid === user.uid ? 6 : folder.gid === user.gid ? 3 : 0;
  return ((folder.mode >> shift) & SEARCH) !== 0;
}
