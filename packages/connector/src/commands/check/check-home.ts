import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { holderOf } from '../../home/home-lock.ts';
import type { Connector } from '../../config/config.ts';
import type { Finding } from '../../model/source.ts';
import { bytesOf, spanOf } from '../ago.ts';

/** Below this an outage of the target may fill the disk. */
const ENOUGH_BYTES = 1_000_000_000;

/** May the home be written to, is there room, and does somebody work in it? Leaves nothing behind. */
export function checkHome(
  { home, homeKeys }: Pick<Connector, 'home' | 'homeKeys'>,
  now = Date.now(),
): Finding[] {
  const what = 'home';
  const folder = nearest(resolve(home));
  try {
    const probe = join(folder, `.carillon-probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const detail = `${folder} cannot be written to: ${error instanceof Error ? error.message : String(error)}`;
    return [{ what, state: 'refused', detail, fix: 'give its user the folder, or name another in home' }];
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const room = `${bytesOf(free)} free in ${folder}`;
  const holder = holderOf(home);
  return [
    free >= ENOUGH_BYTES
      ? { what, state: 'good', detail: room, fix: null }
      : {
          what,
          state: 'warning',
          detail: `only ${room}`,
          fix: 'make room: what waits for the target is kept here',
        },
    {
      what,
      state: 'good',
      detail:
        homeKeys.length === 0
          ? 'not encrypted: what waits is in the clear, unless its disk is encrypted; homeKeys turns it on'
          : `encrypted, ${homeKeys.length === 1 ? 'with one key' : `the first of ${homeKeys.length} keys is the current one`}`,
      fix: null,
    },
    ...(holder === null
      ? []
      : [
          {
            what: 'home',
            state: 'good' as const,
            detail: `process ${holder.pid} on ${holder.host} works in it for ${spanOf(now - holder.since)}`,
            fix: null,
          },
        ]),
  ];
}

/** The folder, or the one above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}
