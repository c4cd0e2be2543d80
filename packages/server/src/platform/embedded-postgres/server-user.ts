import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from '../log.ts';
import { EmbeddedPostgresCannotRun, SET_DATABASE_URL } from './cannot-run.ts';
import type { UserIds } from './reachable.ts';

/** A user of this system other than ourselves. */
export interface ServerUser extends UserIds {
  readonly name: string;
}

const OWN_USER = 'carillon';

/**
 * PostgreSQL refuses to run as root. When we are root this says who runs it: the owner of the data
 * that is there, else the user `postgres`, else a system user `carillon` made for it, else `nobody`.
 * Null when we are not root: the server runs as ourselves.
 */
export async function chooseServerUser(cluster: string, log: Logger): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  return (
    (await ownerOf(cluster)) ??
    (await findUser('postgres')) ??
    (await findUser(OWN_USER)) ??
    (await createUser(log)) ??
    (await lastResort(log))
  );
}

/** `initdb` wants a name for its user id, which a container that runs under any number does not have. */
export function refuseNamelessUser(): void {
  try {
    userInfo();
  } catch (cause) {
    throw new EmbeddedPostgresCannotRun(
      `User id ${process.getuid?.()} has no entry in /etc/passwd, and PostgreSQL cannot create its data without one. Run as a user that has a name. Or: ${SET_DATABASE_URL}`,
      { cause },
    );
  }
}

async function ownerOf(cluster: string): Promise<ServerUser | null> {
  const folder = await stat(cluster).catch(() => null);
  if (folder === null || folder.uid === 0) return null;
  return { name: `user id ${folder.uid}`, uid: folder.uid, gid: folder.gid };
}

async function findUser(name: string): Promise<ServerUser | null> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  const fields = lines.map((line) => line.split(':')).find((fields) => fields[0] === name);
  if (fields === undefined) return null;
  return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
}

async function createUser(log: Logger): Promise<ServerUser | null> {
  // The usual path of a service or of `su` leaves the folder of the administrator's programs out.
  const PATH = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
  const args = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  try {
    await promisify(execFile)('useradd', [...args, '--shell', '/usr/sbin/nologin', OWN_USER], {
      env: { ...process.env, PATH },
    });
  } catch (error) {
    // Another start may have made it in the meantime.
    const user = await findUser(OWN_USER);
    if (user === null) {
      log.warn({ reason: (error as Error).message.trim() }, `could not create the system user ${OWN_USER}`);
    }
    return user;
  }
  log.info(`created the system user ${OWN_USER}: PostgreSQL does not run as root`);
  return findUser(OWN_USER);
}

async function lastResort(log: Logger): Promise<ServerUser> {
  const nobody = await findUser('nobody');
  if (nobody === null) {
    throw new EmbeddedPostgresCannotRun(
      `PostgreSQL does not run as root, and there is no other user to run it as. Start Carillon as an ordinary user, or create a user named ${OWN_USER}. Or: ${SET_DATABASE_URL}`,
    );
  }
  log.warn(`PostgreSQL runs as the user nobody; create a system user ${OWN_USER} to keep its data apart`);
  return nobody;
}
