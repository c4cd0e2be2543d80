import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Another process works under the same connector's name. */
export class AlreadyRunning extends Error {
  constructor(where: string) {
    super(
      `Another connector of this name is running ${where}. Stop it, or give this one another name and home.`,
    );
    this.name = 'AlreadyRunning';
  }
}

export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** A holder on another machine that has not shown itself for so long is gone. */
const SILENCE_MS = 15_000;
const BEAT_MS = 3000;
/** How long to wait for a run that was just killed, or is ending. */
const WAIT_MS = 10_000;

/** Homes that this process holds: a container's process may bear the number of the one before it. */
const held = new Set<string>();

/** One process at a time writes to a home. A killed process leaves no lock that stays. */
export class HomeLock {
  readonly #path: string;
  readonly #beat: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    this.#beat = setInterval(() => touch(path), BEAT_MS).unref();
  }

  /** @throws AlreadyRunning after `waitMs` with another holder */
  static async take(directory: string, waitMs = WAIT_MS): Promise<HomeLock> {
    mkdirSync(directory, { recursive: true });
    const path = lockPath(directory);
    for (const deadline = Date.now() + waitMs; !(await tryTake(directory, path)); await pause(50)) {
      if (Date.now() >= deadline) throw new AlreadyRunning(`in ${directory}`);
    }
    held.add(path);
    return new HomeLock(path);
  }

  release(): void {
    clearInterval(this.#beat);
    held.delete(this.#path);
    rmSync(this.#path, { force: true });
  }
}

/** Who works in this home now, or null. */
export function holderOf(directory: string): Holder | null {
  const path = lockPath(directory);
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    const silent = Date.now() - statSync(path).mtimeMs > SILENCE_MS;
    if (holder.host !== hostname()) return silent ? null : holder;
    if (holder.pid === process.pid) return held.has(path) ? holder : null;
    return isAlive(holder.pid) ? holder : null;
  } catch {
    // Not there, or a crash left it empty.
    return null;
  }
}

function lockPath(directory: string): string {
  return join(resolve(directory), 'lock');
}

async function tryTake(directory: string, path: string): Promise<boolean> {
  if (holderOf(directory) !== null) return false;
  const holder: Holder = { pid: process.pid, host: hostname(), since: Date.now() };
  try {
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  // Of two that found the same dead lock, the later one has taken it away from the earlier.
  await pause(20);
  return existsSync(path) && readFileSync(path, 'utf8') === JSON.stringify(holder);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The home was removed under the run; its next write says so.
  }
}
