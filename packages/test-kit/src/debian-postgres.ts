import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { missingProgram } from './missing-program.ts';

/** A server of its own that tells its changes to replicas. */
export interface DebianPostgres {
  /** A login that may do everything: `postgres://...:port/postgres`. */
  readonly url: string;
  stop(): Promise<void>;
}

const PROGRAMS = '/usr/lib/postgresql/15/bin';
const SERVER = join(PROGRAMS, 'postgres');
const START_MS = 60_000;
const PASSWORD = 'a-password-of-tests';
const SETTINGS = {
  wal_level: 'logical',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // What a crash of the machine would lose here is thrown away anyway.
  fsync: 'off',
};

/** Installs Debian 12's PostgreSQL 15 where that is possible. Says why it is not there; null when it is. */
export function missingDebianPostgres(): string | null {
  return missingProgram(SERVER, 'postgres');
}

/** Starts one in a folder of its own, on a free port. */
export async function startDebianPostgres(): Promise<DebianPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-postgres-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  const user = serverUser();
  if (user !== null) for (const path of [folder, passwordFile]) chownSync(path, user.uid, user.gid);
  // Where the folder that we are in may be closed to that user.
  const options = { ...user, cwd: folder, stdio: 'ignore' } as const;
  execFileSync(
    join(PROGRAMS, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=tester',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ],
    options,
  );
  const port = await freePort();
  const settings = Object.entries({ ...SETTINGS, port }).map(([name, value]) => `--${name}=${value}`);
  const server = spawn(SERVER, ['-D', data, ...settings], options);
  const ended = once(server, 'exit');
  const url = `postgres://tester:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`${SERVER} did not start.`);
    await pause(100);
  }
  return {
    url,
    async stop() {
      server.kill('SIGQUIT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: Debian's package brings a user of its own. null where we are not root. */
function serverUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  return { uid: idOfUser('-u'), gid: idOfUser('-g') };
}

function idOfUser(which: '-u' | '-g'): number {
  return Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }));
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
