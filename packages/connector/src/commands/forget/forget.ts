import { setTimeout as pause } from 'node:timers/promises';
import { describeFailure } from '@carillon/client';
import { loadConfig } from '../../config/load-config.ts';
import type { Connector } from '../../config/config.ts';
import { openDestination } from '../../destination/open-destination.ts';
import { ask, isAsked } from '../../home/asked.ts';
import { holderOf } from '../../home/home-lock.ts';
import { openHome } from '../../home/home.ts';
import { forgetUser } from '../../sync/forget-user.ts';
import type { WhomToForget } from '../../sync/forget-user.ts';
import { EXIT } from '../exit-code.ts';
import { findUserInSource } from '../find-user-in-source.ts';
import { runUntilInterrupted } from '../run-until-interrupted.ts';

/** How long to wait for the run under way. */
const WAIT_MS = 60_000;

/** `forget ID`: erases a user at the target and here, for good. */
export async function forget(options: {
  readonly config: string;
  readonly json: boolean;
  readonly id: string;
}): Promise<number> {
  const connector = await loadConfig(options.config);
  const whom = await findWhom(connector, options.id);
  return runUntilInterrupted(async (signal) => {
    const underWay = holderOf(connector.home) !== null;
    const done = underWay
      ? await letTheRunForget(connector, whom)
      : await forgetHere(connector, whom, signal);
    const text = done
      ? `forgotten: at the target, in the outbox, the state and the rejects; a mark keeps later passes away`
      : 'asked for: the run under way is busy, and the next one does it at its start';
    process.stdout.write(`${options.json ? JSON.stringify({ forgotten: done }) : text}\n`);
    return EXIT.done;
  });
}

async function findWhom(connector: Connector, id: string): Promise<WhomToForget> {
  const { users } = connector;
  const found = await findUserInSource(connector, id);
  if (found === null) return { externalId: id, key: users?.externalId === undefined ? id : null };
  return { externalId: found.mapping.user?.externalId ?? id, key: found.key };
}

async function letTheRunForget(connector: Connector, whom: WhomToForget): Promise<boolean> {
  const name = ask(connector.home, { kind: 'forget', ...whom });
  for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await pause(100)) {
    if (!isAsked(connector.home, name)) return true;
    if (holderOf(connector.home) === null) return false;
  }
  return false;
}

async function forgetHere(connector: Connector, whom: WhomToForget, signal: AbortSignal): Promise<boolean> {
  const home = await openHome(connector.home, { keys: connector.homeKeys });
  const destination = openDestination(connector.target, (failure) =>
    process.stderr.write(`waiting for the target: ${describeFailure(failure)}\n`),
  );
  try {
    await forgetUser({ connector, home, destination }, whom, signal);
    return true;
  } finally {
    await destination.close();
    await home.close();
  }
}
