import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from '../log.ts';
import { EmbeddedPostgresCannotRun } from './cannot-run.ts';
import { firstBarrier } from './reachable.ts';
import type { ServerUser } from './server-user.ts';
import { writeWhole } from '../write-whole.ts';

/** Where one embedded server keeps everything it has. */
export interface Home {
  readonly folder: string;
  /** PostgreSQL's own data folder. */
  readonly cluster: string;
  readonly log: string;
  /** Password of the server's superuser, readable by us alone. */
  readonly password: string;
  /** Its presence says that the cluster was created: one that is missing then is lost, not new. */
  readonly made: string;
}

/** For data and binaries that have to be reached by another user than the clone's owner. */
export const SHARED_FOLDER = '/var/lib/carillon';
const LOCATION = 'postgres.location';
const BELONGS_TO = 'belongs-to';

/** The home that `dataDir` has, or null before the first start. */
export async function findHome(dataDir: string): Promise<Home | null> {
  const location = await readFile(join(dataDir, LOCATION), 'utf8').catch(() => null);
  if (location === null) {
    const inside = join(dataDir, 'postgres');
    return (await isFolder(inside)) ? homeIn(inside) : null;
  }
  const folder = location.trim();
  if (await isFolder(folder)) return homeIn(folder);
  throw new EmbeddedPostgresCannotRun(
    `The database of ${dataDir} was kept in ${folder}, and that folder is gone. Put it back, or delete ${join(dataDir, LOCATION)} to begin with an empty database.`,
  );
}

/** True when `dataDir` has a database, running or not. */
export async function hasEmbeddedPostgres(dataDir: string): Promise<boolean> {
  const home = await findHome(dataDir);
  return home !== null && (await isFolder(home.cluster));
}

/**
 * Makes the home of a new server: inside `dataDir`, or in SHARED_FOLDER when `user` may not enter
 * `dataDir`, as under root's own home. A file in `dataDir` then says where.
 */
export async function createHome(dataDir: string, user: ServerUser | null, log: Logger): Promise<Home> {
  const barrier = user === null ? null : await firstBarrier(dataDir, user);
  if (user === null || barrier === null) {
    const inside = join(dataDir, 'postgres');
    await makeFolder(inside);
    return homeIn(inside);
  }
  await makeFolder(SHARED_FOLDER);
  await tellLeftovers(dataDir, log);
  const name = `${basename(dirname(dataDir))}-${randomBytes(4).toString('hex')}`;
  const folder = join(SHARED_FOLDER, name);
  await makeFolder(folder);
  await writeFile(join(folder, BELONGS_TO), `${dataDir}\n`);
  await writeWhole(join(dataDir, LOCATION), `${folder}\n`);
  log.info(
    { folder, barrier },
    `the database lives in ${folder}: its user ${user.name} may not enter ${barrier}`,
  );
  return homeIn(folder);
}

/** Data that once belonged to a folder of this name, deleted since: kept, and told. */
async function tellLeftovers(dataDir: string, log: Logger): Promise<void> {
  for (const name of await readdir(SHARED_FOLDER)) {
    const folder = join(SHARED_FOLDER, name);
    const owner = await readFile(join(folder, BELONGS_TO), 'utf8').catch(() => null);
    if (owner?.trim() === dataDir) {
      log.warn(
        { folder },
        `an earlier database of ${dataDir} is still in ${folder}; delete it if not needed`,
      );
    }
  }
}

/** Others may pass through and see nothing: the server's user has to reach what is its own in here. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o711);
}

async function homeIn(folder: string): Promise<Home> {
  const real = await realpath(folder);
  return {
    folder: real,
    cluster: join(real, 'cluster'),
    log: join(real, 'server.log'),
    password: join(real, 'password'),
    made: join(real, 'made'),
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
