import type { Connector } from '../config/config.ts';
import { openHome } from '../home/home.ts';
import { RunBoard } from '../home/run-board.ts';
import { deliver } from './deliver.ts';
import { askForPass, passOver } from './pass-over.ts';
import type { WatchOptions } from './run-watch.ts';
import { retryRejected } from './retry-rejected.ts';
import { runSession } from './run-session.ts';
import type { OnReport } from './report.ts';
import type { Session } from './session.ts';
import { takeAsked } from './take-asked.ts';

/**
 * One pass over all users, and whatever waits in the outbox, until there is nothing left to send.
 * Changes are not followed and triggers do not fire: that is what watching is for.
 */
export async function runSync(
  connector: Connector,
  { signal, report: tell = () => undefined, lockWaitMs }: WatchOptions,
): Promise<void> {
  const home = await openHome(connector.home, { lockWaitMs, keys: connector.homeKeys });
  const board = new RunBoard(connector.home, 'sync');
  const report: OnReport = (report) => {
    board.take(report);
    tell(report);
  };
  try {
    await runSession(connector, home, report, signal, startPass, [passThenDeliver]);
  } finally {
    board.close();
    await home.close();
  }
}

/** Whatever an earlier run had come to: all users are looked at. */
async function startPass(session: Session, signal: AbortSignal): Promise<void> {
  await takeAsked(session, signal);
  await retryRejected(session);
  await askForPass(session, false);
}

async function passThenDeliver(session: Session, signal: AbortSignal): Promise<void> {
  let passing = true;
  const pass = passOver(session, signal).finally(() => {
    passing = false;
    session.queued.ring();
  });
  await Promise.all([pass, deliver(session, signal, () => passing)]);
}
