import type { Connector } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Report } from '../sync/report.ts';
import type { WatchOptions } from '../sync/run-watch.ts';
import { EXIT } from './exit-code.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { Progress } from './progress/progress.ts';
import { openDestination } from '../destination/open-destination.ts';
import { withoutPersonal } from './without-personal.ts';
import { runUntilInterrupted } from './run-until-interrupted.ts';

export interface FollowOptions {
  readonly config: string;
  readonly json: boolean;
  /** Keys and addresses in what is told. */
  readonly reveal: boolean;
  /** Where to answer Prometheus. */
  readonly metrics?: string;
}

/** Runs a pass or a watch and prints what it tells. */
export async function follow(
  { config, json, reveal, metrics }: FollowOptions,
  work: (connector: Connector, options: WatchOptions) => Promise<void>,
): Promise<number> {
  const connector = await loadConfig(config);
  const output = { isScreen: process.stdout.isTTY, write: (text: string) => void process.stdout.write(text) };
  const progress = new Progress(output, await usersPerSecond(connector));
  const server = metrics === undefined ? null : await serveMetrics(connector, metrics);
  if (server !== null && !json) process.stdout.write(`metrics   ${server.url}\n`);
  let rejected = 0;
  const tell = (told: Report) => {
    const report = reveal ? told : withoutPersonal(told);
    if (report.kind === 'delivered') rejected += report.batch.rejected;
    if (json) process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...report })}\n`);
    else progress.take(report, Date.now());
  };
  try {
    return await runUntilInterrupted(async (signal) => {
      await work(connector, { signal, report: tell });
      return rejected > 0 ? EXIT.rejectedRows : EXIT.done;
    });
  } finally {
    if (!json) progress.end();
    server?.close();
  }
}

/** How many users the target takes in a second, by its limits; null where none is known. */
async function usersPerSecond({ target }: Connector): Promise<number | null> {
  const destination = openDestination(target);
  const nothing = { changedProperties: 0, changedSubscriptions: 0, removed: 0, events: 0, messages: 0 };
  const { seconds } = destination.costOf({ ...nothing, newUsers: 100_000, propertiesPerUser: 1 });
  await destination.close();
  return seconds === 0 ? null : Math.round(100_000 / seconds);
}
