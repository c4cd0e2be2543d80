import { setTimeout as pause } from 'node:timers/promises';
import { loadConfig } from '../../config/load-config.ts';
import { EXIT } from '../exit-code.ts';
import { runUntilInterrupted } from '../run-until-interrupted.ts';
import { describeStatus } from './describe-status.ts';
import { readStatus } from './read-status.ts';

const EVERY_MS = 1000;

/** `status`: how it stands, once or each second. */
export async function status(options: {
  readonly config: string;
  readonly json: boolean;
  readonly watch: boolean;
}): Promise<number> {
  const connector = await loadConfig(options.config);
  const show = async () => {
    const found = await readStatus(connector);
    const text = options.json ? JSON.stringify(found) : describeStatus(found, Date.now());
    const screen = options.watch && !options.json && process.stdout.isTTY;
    process.stdout.write(`${screen ? '\u001B[H\u001B[2J' : ''}${text}\n`);
  };
  if (!options.watch) {
    await show();
    return EXIT.done;
  }
  return runUntilInterrupted(async (signal) => {
    while (!signal.aborted) {
      await show();
      await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return EXIT.done;
  });
}
