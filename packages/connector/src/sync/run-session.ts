import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describeFailure } from '@carillon/client';
import { fingerprint } from '../config/fingerprint.ts';
import type { Connector } from '../config/config.ts';
import { openDestination } from '../destination/open-destination.ts';
import { AlreadyRunning } from '../home/home-lock.ts';
import type { Home } from '../home/home.ts';
import { openSource } from '../sources/open-source.ts';
import { Bell } from './bell.ts';
import { askForPass } from './pass-over.ts';
import type { OnReport } from './report.ts';
import type { Session } from './session.ts';

/** A part of a run: ends by itself, or when its signal does. */
export type Part = (session: Session, signal: AbortSignal) => Promise<void>;

/** How long to wait for a run that was just killed to lose its lock. */
const LOCK_WAIT_MS = 10_000;

/**
 * Connects both ends, runs `prepare` and then all `parts` together. When one fails the others are
 * stopped, and its failure is thrown. Returns when all have ended.
 */
export async function runSession(
  connector: Connector,
  home: Home,
  report: OnReport,
  signal: AbortSignal,
  prepare: Part,
  parts: readonly Part[],
): Promise<void> {
  const source = await openSource(connector);
  const destination = openDestination(connector.target, (failure) =>
    report({ kind: 'trouble', where: 'target', detail: describeFailure(failure) }),
  );
  try {
    await takeLock(() => source.lock(), signal);
    report({ kind: 'reading', ...source.reading });
    const session: Session = {
      connector,
      home,
      source,
      destination,
      report,
      underWay: { has: () => false },
      queued: new Bell(),
      drained: new Bell(),
    };
    await compareAgainIfChanged(session);
    await prepare(session, signal);
    await together(
      parts.map((part) => (signal) => part(session, signal)),
      signal,
    );
  } finally {
    await destination.close();
    await source.close();
  }
}

async function takeLock(lock: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + LOCK_WAIT_MS;
  while (!(await lock())) {
    if (Date.now() > deadline) throw new AlreadyRunning('on this database');
    await pause(100, undefined, { signal });
  }
}

/** Another mapping: every user is compared again, and only real differences are sent. */
async function compareAgainIfChanged(session: Session): Promise<void> {
  const { state } = session.home;
  const now = fingerprint(session.connector);
  if (state.progress.fingerprint === now) return;
  await askForPass(session, true);
  await state.commit([], { fingerprint: now });
}

async function together(
  parts: readonly ((signal: AbortSignal) => Promise<void>)[],
  outer: AbortSignal,
): Promise<void> {
  const inner = new AbortController();
  const signal = AbortSignal.any([outer, inner.signal]);
  // One listener for each request under way; the default suspects a leak above ten.
  setMaxListeners(0, signal);
  const results = await Promise.allSettled(
    parts.map(async (part) => {
      try {
        await part(signal);
      } catch (error) {
        inner.abort();
        throw error;
      }
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined && !outer.aborted) throw failed.reason;
}
