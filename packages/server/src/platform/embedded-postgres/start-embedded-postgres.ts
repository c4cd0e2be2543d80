import { access, constants, mkdir, readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../log.ts';
import { installedBinaries, usableBinaries } from './binaries.ts';
import { EmbeddedPostgresCannotRun } from './cannot-run.ts';
import { ensureCluster } from './create-cluster.ts';
import { SHARED_FOLDER, createHome, findHome } from './home.ts';
import type { Home } from './home.ts';
import { stopLeftoverServer } from './leftover-server.ts';
import { takeOwnerLock } from './owner-lock.ts';
import type { OwnerLock } from './owner-lock.ts';
import { recallPort, rememberPort } from './remembered-port.ts';
import { firstBarrier } from './reachable.ts';
import { chooseServerUser } from './server-user.ts';
import type { ServerUser } from './server-user.ts';
import { serverSettings } from './settings.ts';
import type { ServerSettings } from './settings.ts';
import { Supervisor } from './supervisor.ts';

export interface EmbeddedPostgresOptions {
  /** The folder of everything this installation keeps; made when missing. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Settings of the server that differ from ours. */
  readonly settings?: ServerSettings;
  /** Called when the server has ended and cannot be started again. Default: only the log. */
  readonly onGivenUp?: (error: Error) => void;
  /** Where the binaries are; npm's package for this platform when absent. */
  readonly installed?: string;
}

export interface EmbeddedPostgres {
  /** On the loopback address. Holds the password. */
  readonly url: string;
  /** Where the data is. */
  readonly folder: string;
  readonly logFile: string;
  /** Stops the server cleanly and gives the folder free. Call it on SIGINT and SIGTERM too. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a PostgreSQL of our own on `dataDir`, creating it at the first start. Resolves when it takes
 * connections. Throws EmbeddedPostgresCannotRun, with a message for the operator, when another
 * process has the folder or when the server cannot run here.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const dataDir = await openDataFolder(options.dataDir);
  const locks = [await own(dataDir, dataDir)];
  try {
    const { home, user } = await settle(dataDir, log);
    // Two data folders that point to one home happen when a clone is copied.
    if (dirname(home.folder) !== dataDir) locks.push(await own(home.folder, dataDir));
    const binaries = await usableBinaries({
      installed: options.installed ?? installedBinaries(),
      storage: user === null ? home.folder : SHARED_FOLDER,
      user,
      log,
    });
    await ensureCluster(home, binaries, user);
    await stopLeftoverServer(home.cluster, log);
    const supervisor = new Supervisor(
      {
        postgres: binaries.postgres,
        home,
        user,
        settings: { ...serverSettings(), ...options.settings },
      },
      log,
      (error) => {
        log.fatal({ reason: error.message }, 'the database server cannot be started again');
        options.onGivenUp?.(error);
      },
    );
    const { port } = await supervisor.start(await recallPort(home));
    await rememberPort(home, port);
    log.info({ folder: home.folder, port }, 'embedded PostgreSQL is ready');
    const password = await readFile(home.password, 'utf8');
    const stop = async () => {
      await supervisor.stop();
      await release(locks);
    };
    let stopped: Promise<void> | undefined;
    return {
      url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
      folder: home.folder,
      logFile: home.log,
      stop: () => (stopped ??= stop()),
    };
  } catch (error) {
    await release(locks);
    throw error;
  }
}

async function openDataFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (cause) {
    throw new EmbeddedPostgresCannotRun(
      `The data folder ${path} cannot be written by this user (${(cause as NodeJS.ErrnoException).code}). Start as the user it belongs to, or choose another folder with CARILLON_DATA_DIR.`,
      { cause },
    );
  }
}

async function own(folder: string, dataDir: string): Promise<OwnerLock> {
  const lock = await takeOwnerLock(folder);
  if (lock.kind === 'held') return lock;
  const owner = lock.pid === null ? 'another process' : `process ${lock.pid}`;
  throw new EmbeddedPostgresCannotRun(
    `Carillon is already running on ${dataDir} (${owner}): stop it first, or choose another folder with CARILLON_DATA_DIR.`,
  );
}

/** Finds or makes the place of the data, and says who runs the server (null: ourselves). */
async function settle(dataDir: string, log: Logger): Promise<{ home: Home; user: ServerUser | null }> {
  const found = await findHome(dataDir);
  const user = await chooseServerUser(found?.cluster ?? '', log);
  if (found === null) return { home: await createHome(dataDir, user, log), user };
  const barrier = user && (await firstBarrier(found.folder, user));
  if (user === null || barrier === null) return { home: found, user };
  throw new EmbeddedPostgresCannotRun(
    `The database in ${found.folder} belongs to ${user.name}, who may not enter ${barrier}. Allow it with: chmod o+x ${barrier}`,
  );
}

async function release(locks: readonly OwnerLock[]): Promise<void> {
  await Promise.all(locks.map((lock) => lock.release()));
}
