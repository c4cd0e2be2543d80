import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../write-whole.ts';
import { isFree } from './free-port.ts';
import type { Home } from './home.ts';

/** The port of the last start, if it is free: an address that somebody has noted stays good. */
export async function recallPort(home: Home): Promise<number | undefined> {
  const port = Number(await readFile(fileOf(home), 'utf8').catch(() => ''));
  const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
  return isPort && (await isFree(port)) ? port : undefined;
}

export async function rememberPort(home: Home, port: number): Promise<void> {
  await writeWhole(fileOf(home), `${port}\n`);
}

function fileOf(home: Home): string {
  return join(home.folder, 'port');
}
