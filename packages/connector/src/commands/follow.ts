import type { Connector } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { WatchOptions } from '../sync/run-watch.ts';
import { EXIT } from './exit-code.ts';
import { lineOf } from './print-report.ts';
import { runUntilInterrupted } from './run-until-interrupted.ts';

/** Runs a pass or a watch and prints what it tells. */
export async function follow(
  { config, json }: { readonly config: string; readonly json: boolean },
  work: (connector: Connector, options: WatchOptions) => Promise<void>,
): Promise<number> {
  const connector = await loadConfig(config);
  let rejected = 0;
  return runUntilInterrupted(async (signal) => {
    await work(connector, {
      signal,
      report: (report) => {
        if (report.kind === 'delivered') rejected += report.batch.rejected;
        const line = json ? JSON.stringify(report) : lineOf(report);
        if (line !== null) process.stdout.write(`${line}\n`);
      },
    });
    return rejected > 0 ? EXIT.rejectedRows : EXIT.done;
  });
}
