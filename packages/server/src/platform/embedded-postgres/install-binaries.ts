import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Makes the links of the libraries (`libicuuc.so.60` and its like) that npm packages cannot carry.
 * The package's install script does it, when scripts may run. Returns false when the folder may not
 * be written and links are missing.
 */
export async function completeLinks(native: string): Promise<boolean> {
  for (const { source, target } of await linksOf(native)) {
    const link = join(native, '..', target);
    try {
      await symlink(basename(source), link);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EEXIST' && !(await exists(link))) return false;
    }
  }
  return true;
}

/** Copies the binaries into `storage`, readable by everyone, and returns the folder. Once per release. */
export async function copyBinaries(native: string, storage: string): Promise<string> {
  const folder = join(storage, await releaseOf(native));
  const target = join(folder, 'native');
  if (await exists(target)) return target;
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `unfinished-${randomBytes(6).toString('hex')}`);
  await cp(native, unfinished, { recursive: true, verbatimSymlinks: true, filter: isNeeded });
  await openToAll(unfinished);
  try {
    await rename(unfinished, target);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  await completeLinks(target);
  return target;
}

async function linksOf(native: string): Promise<{ source: string; target: string }[]> {
  const file = join(native, 'pg-symlinks.json');
  if (!(await exists(file))) return [];
  return JSON.parse(await readFile(file, 'utf8')) as { source: string; target: string }[];
}

async function releaseOf(native: string): Promise<string> {
  const text = await readFile(join(dirname(native), 'package.json'), 'utf8');
  const { name, version } = JSON.parse(text) as { name: string; version: string };
  return `${basename(name)}-${version}`;
}

/** Not the libraries for linking C programs. */
function isNeeded(path: string): boolean {
  return !path.endsWith('.a');
}

/** A clone made under a strict umask has files that only its owner may read. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const isProgram = basename(entry.parentPath) === 'bin';
    if (entry.isDirectory() || entry.isFile()) {
      await chmod(join(entry.parentPath, entry.name), entry.isDirectory() || isProgram ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
