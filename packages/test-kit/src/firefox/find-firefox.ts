import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const NAMES = ['firefox-esr', 'firefox'];
/** A mirror that is slow is no reason to fail; one that hangs is. */
const INSTALL_MS = 280_000;

/** A Firefox to test with, or why there is none. */
export type FoundFirefox = { readonly path: string } | { readonly path: null; readonly reason: string };

/**
 * The Firefox that `CARILLON_FIREFOX` names, or one on the path. Where there is none and we are root on a Debian,
 * as in CI, Debian's `firefox-esr` is installed; `CARILLON_FIREFOX=none` does without.
 */
export async function findFirefox(): Promise<FoundFirefox> {
  const named = process.env['CARILLON_FIREFOX'] ?? '';
  if (named === 'none') return { path: null, reason: 'CARILLON_FIREFOX is none' };
  if (named !== '') return { path: named };
  const installed = await onPath(NAMES);
  if (installed !== null) return { path: installed };
  const apt = await onPath(['apt-get']);
  if (apt === null || process.getuid?.() !== 0) {
    return {
      path: null,
      reason: 'there is no Firefox: install firefox-esr, or name one with CARILLON_FIREFOX=/path/to/firefox',
    };
  }
  console.error('There is no Firefox: apt-get installs firefox-esr (CARILLON_FIREFOX=none does without)');
  try {
    await install(apt);
  } catch (cause) {
    throw new Error('apt-get could not install firefox-esr: CARILLON_FIREFOX=none does without', { cause });
  }
  const path = await onPath(NAMES);
  if (path === null) throw new Error('apt-get has installed firefox-esr, and it is not on the path');
  return { path };
}

async function install(apt: string): Promise<void> {
  const lock = ['-o', 'DPkg::Lock::Timeout=120'];
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: INSTALL_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  await run(apt, [...lock, '-q', 'update'], options);
  await run(apt, [...lock, '-q', '-y', '--no-install-recommends', 'install', 'firefox-esr'], options);
}

async function onPath(names: readonly string[]): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, name);
      const isThere = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return path;
    }
  }
  return null;
}
