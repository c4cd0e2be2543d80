import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeWhole } from '../write-whole.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresCannotRun, SET_DATABASE_URL } from './cannot-run.ts';
import type { Home } from './home.ts';
import { refuseNamelessUser } from './server-user.ts';
import type { ServerUser } from './server-user.ts';

/** The server in our packages. Data of another major version cannot be opened by it. */
const MAJOR_VERSION = '18';
const UNFINISHED = 'unfinished-';

/**
 * Creates the cluster unless it is there. It is made under another name and renamed when it is whole:
 * what a killed start leaves behind is recognised by its name and made anew. A cluster that was there
 * once and is gone is an error, never replaced by an empty one.
 */
export async function ensureCluster(home: Home, binaries: Binaries, user: ServerUser | null): Promise<void> {
  if (await exists(home.cluster)) {
    await refuseForeignCluster(home);
  } else {
    if (await exists(home.made)) {
      throw new EmbeddedPostgresCannotRun(
        `The database in ${home.cluster} is gone. Restore it from a backup, or delete ${home.folder} to begin with an empty one.`,
      );
    }
    await create(home, binaries, user);
  }
  if (!(await exists(home.made))) await writeWhole(home.made, `${new Date().toISOString()}\n`);
}

async function create(home: Home, binaries: Binaries, user: ServerUser | null): Promise<void> {
  if (user === null) refuseNamelessUser();
  await removeUnfinished(home);
  if (!(await exists(home.password))) {
    await writeWhole(home.password, randomBytes(24).toString('base64url'), 0o600);
  }
  // A folder of its own for each attempt: the initdb of a killed start may still be writing to its own.
  const workshop = join(home.folder, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  const cluster = join(workshop, 'cluster');
  const passwordFile = join(workshop, 'password');
  await mkdir(workshop, { mode: 0o700 });
  await writeFile(passwordFile, await readFile(home.password), { mode: 0o600 });
  if (user !== null) {
    await chown(passwordFile, user.uid, user.gid);
    await chown(workshop, user.uid, user.gid);
  }
  await runInitdb(binaries.initdb, cluster, passwordFile, user);
  await rename(cluster, home.cluster);
  await syncFolder(home.folder);
  await rm(workshop, { recursive: true, force: true });
}

/** What cannot be removed now, because it is still being written, is removed by a later start. */
async function removeUnfinished(home: Home): Promise<void> {
  for (const name of await readdir(home.folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    await rm(join(home.folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * The built-in C.UTF-8 collation sorts by code point and is the same on every machine; the ICU in the
 * packages is old, and indexes sorted by an ICU break with its next version.
 */
function runInitdb(
  initdb: string,
  cluster: string,
  passwordFile: string,
  user: ServerUser | null,
): Promise<void> {
  const args = [
    ['--pgdata', cluster],
    ['--username', 'postgres'],
    ['--pwfile', passwordFile],
    ['--auth', 'scram-sha-256'],
    ['--encoding', 'UTF8'],
    ['--locale', 'C'],
    ['--locale-provider', 'builtin'],
    ['--builtin-locale', 'C.UTF-8'],
    ['--no-instructions'],
  ].flat();
  const ids = user === null ? {} : { uid: user.uid, gid: user.gid };
  return new Promise((resolve, reject) => {
    let output = '';
    const child = spawn(initdb, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], ...ids });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const end = output.trim().split('\n').slice(-5).join('\n');
      reject(
        new EmbeddedPostgresCannotRun(
          `The embedded database could not be created (initdb ended with ${signal ?? `code ${code}`}): ${end}\n${SET_DATABASE_URL}`,
        ),
      );
    });
  });
}

async function refuseForeignCluster(home: Home): Promise<void> {
  const version = await readFile(join(home.cluster, 'PG_VERSION'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw new EmbeddedPostgresCannotRun(
        `${home.cluster} cannot be read by this user (${error.code}). Start as the user that created it, or choose another folder with CARILLON_DATA_DIR.`,
        { cause: error },
      );
    },
  );
  if (version === null) {
    throw new EmbeddedPostgresCannotRun(
      `${home.cluster} is there and holds no PostgreSQL data. Restore it from a backup, or delete ${home.folder} to begin with an empty database.`,
    );
  }
  if (version.trim() !== MAJOR_VERSION) {
    throw new EmbeddedPostgresCannotRun(
      `${home.cluster} was written by PostgreSQL ${version.trim()}, and this release carries ${MAJOR_VERSION}. Export the data with the release that wrote it.`,
    );
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
