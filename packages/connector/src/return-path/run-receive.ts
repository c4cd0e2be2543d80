import { setTimeout as pause } from 'node:timers/promises';
import type { Connector } from '../config/config.ts';
import { ConfigInvalid } from '../config/config-invalid.ts';
import { sealOf } from '../home/seal.ts';
import { SpoolReader, SpoolWriter } from '../home/spool.ts';
import { openSource } from '../sources/open-source.ts';
import type { OnReport } from '../sync/report.ts';
import { isPassing } from '../sync/is-passing.ts';
import { drainReceived } from './drain-received.ts';
import type { KeptEvents } from './keep-events.ts';
import { openNewsWriter, receivedDirectory } from './news.ts';
import { startReceiver } from './receiver.ts';

const LONGEST_PAUSE_MS = 10_000;

export interface ReceiveOptions {
  readonly signal: AbortSignal;
  readonly report?: OnReport;
}

/**
 * Takes events that the target posts, and writes them into the company's table, until `signal` ends.
 * May run beside a watch of the same home, or alone. Requests are answered while the database is away;
 * what was answered is written when it is back.
 *
 * @throws ConfigInvalid, or what the database says of a table that is not there
 */
export async function runReceive(
  connector: Connector,
  { signal, report = () => undefined }: ReceiveOptions,
): Promise<void> {
  const receive = connector.back?.receive;
  if (receive === undefined) throw new ConfigInvalid('back.receive', 'is missing: it says whom to believe');
  const seal = sealOf(connector.homeKeys);
  const spool = await SpoolWriter.open(receivedDirectory(connector.home), seal);
  const news = await openNewsWriter(connector);
  const receiver = await startReceiver(receive, spool);
  report({ kind: 'receiving', url: receiver.url });
  try {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = Date.now();
      try {
        await drainOnce(connector, news, report, signal);
      } catch (error) {
        if (signal.aborted || !isPassing(error)) throw error;
        if (Date.now() - began > LONGEST_PAUSE_MS) failures = 0;
        const detail = error instanceof Error ? error.message : String(error);
        report({ kind: 'trouble', where: 'source', detail });
        const delay = Math.min(LONGEST_PAUSE_MS, 200 * 2 ** failures);
        await pause(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    await receiver.close();
    await spool.close();
    await news.close();
  }
}

/** With one connection to the database, until it breaks. */
async function drainOnce(
  connector: Connector,
  news: SpoolWriter,
  report: OnReport,
  signal: AbortSignal,
): Promise<void> {
  const { back, home, homeKeys } = connector;
  const source = await openSource(connector);
  try {
    const { database } = source;
    if (back === null || database === null)
      throw new ConfigInvalid('back', 'needs a source that can be written to');
    const received = SpoolReader.open(receivedDirectory(home), sealOf(homeKeys));
    const onKept = ({ fresh }: KeptEvents) => {
      if (fresh > 0) report({ kind: 'returned', events: fresh });
    };
    await drainReceived({ back, received, news, database, onKept }, signal);
  } finally {
    await source.close();
  }
}
