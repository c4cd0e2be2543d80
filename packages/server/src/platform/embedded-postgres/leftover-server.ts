import { execFile } from 'node:child_process';
import { readFile, readdir, readlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Logger } from '../log.ts';
import { EmbeddedPostgresCannotRun } from './cannot-run.ts';

const FAST_STOP_MS = 30_000;
const HARD_STOP_MS = 10_000;
const LOOK_AGAIN_MS = 25;

/**
 * Stops the server that works on `cluster` although its owner is gone: kill -9 of the owner leaves it
 * running. We hold the owner's lock, so nobody else can be using it. Stopped and started again rather
 * than adopted: then it runs with our settings and as our child.
 */
export async function stopLeftoverServer(cluster: string, log: Logger): Promise<void> {
  const pid = await pidOfServer(cluster);
  if (pid !== null && (await isServerOf(pid, cluster))) {
    log.warn({ pid }, 'a database server was left running by a start that was killed; stopping it');
    await stop(pid, cluster);
  }
  await removeMisleadingPid(cluster);
}

async function stop(pid: number, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', HARD_STOP_MS],
  ] as const) {
    process.kill(pid, signal);
    const end = performance.now() + patience;
    while (performance.now() < end) {
      if (!(await isServerOf(pid, cluster))) return;
      await wait(LOOK_AGAIN_MS);
    }
  }
  throw new EmbeddedPostgresCannotRun(
    `A database server left over from an earlier start (process ${pid}) does not stop. End it, then start again.`,
  );
}

/**
 * PostgreSQL refuses to start while the process in its lock file is alive, even if that is a stranger
 * who got the number after a reboot, or the server of the folder that this one is a copy of. The file
 * may go when no process at all works in the cluster; without /proc that cannot be known.
 */
async function removeMisleadingPid(cluster: string): Promise<void> {
  const pid = await pidOfServer(cluster);
  if (pid === null || !isAlive(pid) || process.platform !== 'linux') return;
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const workers = await Promise.all(processes.map((name) => isServerOf(Number(name), cluster)));
  if (!workers.includes(true)) await unlink(join(cluster, 'postmaster.pid'));
}

async function pidOfServer(cluster: string): Promise<number | null> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Math.abs(Number.parseInt(text, 10));
  return pid > 0 ? pid : null;
}

/** Server processes work in their data folder. A process that has ended and waits to be reaped does not. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    return (await readlink(`/proc/${pid}/cwd`).catch(() => null)) === cluster;
  }
  const command = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => null);
  return command !== null && command.stdout.includes(cluster);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
