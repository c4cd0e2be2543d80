import { writeFile } from 'node:fs/promises';
import { PAGE, conformancePage } from './report/conformance-page.ts';
import { consoleTable } from './report/console-table.ts';
import { USAGE, readOptions } from './read-options.ts';
import type { Options } from './read-options.ts';
import { countFailed } from './run/outcome.ts';
import { startOwnServer } from './run/own-server.ts';
import { Unreachable, reach } from './run/reach.ts';
import { runAll } from './run/run-all.ts';

/** `npm run conformance`: exit code 1 when a case failed, 2 for wrong use or an unreachable server. */
async function main({ stage, write }: Options): Promise<number> {
  const own = stage === null ? await startOwnServer() : null;
  const place = own ?? stage;
  if (place === null) return 2;
  try {
    // Both clients read proxies from the environment; loopback needs none.
    process.env['NO_PROXY'] = new URL(place.url).hostname;
    await reach(place);
    const outcome = await runAll(place, ({ of, state }) => {
      if (state === 'failed') console.log(`failed: ${of.title}`);
    });
    console.log(consoleTable(outcome));
    if (write) await writeFile(PAGE, conformancePage(outcome));
    return countFailed(outcome) > 0 ? 1 : 0;
  } finally {
    await own?.stop();
  }
}

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

process.exitCode = await main(optionsOrExit()).catch((error: unknown) => {
  console.error(error instanceof Unreachable ? error.message : error);
  return error instanceof Unreachable ? 2 : 1;
});
