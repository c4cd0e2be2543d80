import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedPostgresCannotRun, SET_DATABASE_URL } from './cannot-run.ts';
import { freePort, isFree } from './free-port.ts';
import type { Home } from './home.ts';
import type { UserIds } from './reachable.ts';
import type { ServerSettings } from './settings.ts';

export interface PostmasterOptions {
  readonly postgres: string;
  readonly home: Home;
  readonly user: UserIds | null;
  readonly settings: ServerSettings;
}

export interface RunningPostmaster {
  readonly child: ChildProcess;
  readonly port: number;
}

/** The backends of a killed server take a moment to notice; until then a new one is refused. */
const START_MS = 10_000;
const AGAIN_MS = 200;
const READY_MS = 60_000;
const LOOK_AGAIN_MS = 20;
const LARGEST_LOG = 10 * 2 ** 20;

/**
 * Starts the server and resolves when it takes connections. `port` is taken when given and free,
 * otherwise another is chosen. Throws EmbeddedPostgresCannotRun with the end of the server's log.
 */
export async function startPostmaster(options: PostmasterOptions, port?: number): Promise<RunningPostmaster> {
  const deadline = performance.now() + START_MS;
  let wanted = port ?? (await freePort());
  for (;;) {
    const { child, logStart } = await launch(options, wanted);
    if (await becomesReady(child, options.home)) return { child, port: wanted };
    const isLate = performance.now() > deadline;
    if (!isLate && !(await isFree(wanted))) wanted = await freePort();
    else if (isLate || !(await hasLockFile(options.home))) throw await startFailure(options.home, logStart);
    await wait(AGAIN_MS);
  }
}

/** Ends the server: open transactions are rolled back, what is committed is written, in a moment. */
export async function stopPostmaster(child: ChildProcess, patienceMs = 30_000): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), patienceMs);
  await ended;
  clearTimeout(timer);
}

async function launch({ postgres, home, user, settings }: PostmasterOptions, port: number) {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    port: String(port),
    // TCP is no slower, and holds megabytes on their way to the server where a socket holds 200 KB: with that a
    // COPY waits each time our one thread is busy.
    unix_socket_directories: '',
  };
  const log = await openLog(home);
  try {
    const child = spawn(
      postgres,
      ['-D', home.cluster, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: '/',
        // A file, not a pipe: if we are killed the server goes on writing instead of failing.
        stdio: ['ignore', log.handle.fd, log.handle.fd],
        // A session of its own: Ctrl-C in the terminal reaches us and not the server, and we decide.
        detached: true,
        // Not our environment: PGDATA, PGPORT and their like would change what it does.
        env: { PATH: process.env['PATH'], LC_ALL: 'C' },
        ...(user && { uid: user.uid, gid: user.gid }),
      },
    );
    child.on('error', () => undefined);
    return { child, logStart: log.size };
  } finally {
    await log.handle.close();
  }
}

async function openLog(home: Home) {
  const size = (await stat(home.log).catch(() => null))?.size ?? 0;
  if (size > LARGEST_LOG) await rename(home.log, `${home.log}.1`);
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | constants.O_NOFOLLOW;
  const handle = await open(home.log, flags, 0o600);
  return { handle, size: size > LARGEST_LOG ? 0 : size };
}

/** The eighth line of the server's lock file says `ready` once it takes connections. */
async function becomesReady(child: ChildProcess, home: Home): Promise<boolean> {
  const deadline = performance.now() + READY_MS;
  while (!hasEnded(child)) {
    const lines = (await lockFile(home))?.split('\n');
    if (lines?.[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    if (performance.now() > deadline) await stopPostmaster(child, 1000);
    else await wait(LOOK_AGAIN_MS);
  }
  return false;
}

async function hasLockFile(home: Home): Promise<boolean> {
  return (await lockFile(home)) !== null;
}

function lockFile(home: Home): Promise<string | null> {
  return readFile(join(home.cluster, 'postmaster.pid'), 'utf8').catch(() => null);
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function startFailure(home: Home, logStart: number): Promise<Error> {
  const log = await readFile(home.log);
  const end = log.subarray(logStart).toString('utf8').trim().split('\n').slice(-8).join('\n');
  return new EmbeddedPostgresCannotRun(
    `The embedded database in ${home.folder} does not start. Its log (${home.log}) ends with:\n${end}\n${SET_DATABASE_URL}`,
  );
}
