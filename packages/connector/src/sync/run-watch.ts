import { setTimeout as pause } from 'node:timers/promises';
import type { Connector } from '../config/config.ts';
import { openHome } from '../home/home.ts';
import { RunBoard } from '../home/run-board.ts';
import { beginReading } from './begin-reading.ts';
import { bringBack } from './bring-back.ts';
import { deliver } from './deliver.ts';
import { followReceived } from './follow-received.ts';
import { isPassing } from './is-passing.ts';
import { reconcile } from './reconcile.ts';
import type { OnReport } from './report.ts';
import { retryRejected } from './retry-rejected.ts';
import { runSession } from './run-session.ts';
import type { Session } from './session.ts';
import { keepTakingAsked } from './take-asked.ts';
import { takeIn } from './take-in.ts';

export interface WatchOptions {
  /** Ends the run cleanly: what is under way is left for the next run, nothing is lost. */
  readonly signal: AbortSignal;
  readonly report?: OnReport;
  /** How long a run that was just killed, or is ending, may take to let go of the home; ten seconds when absent. */
  readonly lockWaitMs?: number;
}

const LONGEST_PAUSE_MS = 10_000;

/**
 * Runs until `signal` ends: brings all users over, then follows every change, sends what the
 * triggers call for, and brings message events back. Outages of both ends are waited out.
 *
 * @throws ConfigInvalid, AlreadyRunning, TargetRefused, or what the database says of a broken model:
 * what waiting will not mend.
 */
export async function runWatch(
  connector: Connector,
  { signal, report: tell = () => undefined, lockWaitMs }: WatchOptions,
): Promise<void> {
  const home = await openHome(connector.home, { lockWaitMs, keys: connector.homeKeys });
  const board = new RunBoard(connector.home, 'watch');
  const report: OnReport = (report) => {
    board.take(report);
    tell(report);
  };
  try {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const began = Date.now();
      try {
        await runSession(connector, home, report, signal, begin, [
          takeIn,
          reconcile,
          deliver,
          bringBack,
          keepTakingAsked,
          followReceived,
        ]);
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
        if (Date.now() - began > LONGEST_PAUSE_MS) failures = 0;
        report({
          kind: 'trouble',
          where: 'source',
          detail: error instanceof Error ? error.message : String(error),
        });
        const delay = Math.min(LONGEST_PAUSE_MS, 200 * 2 ** failures);
        await pause(delay, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    board.close();
    await home.close();
  }
}

async function begin(session: Session, signal: AbortSignal): Promise<void> {
  await beginReading(session, signal);
  await retryRejected(session);
}
