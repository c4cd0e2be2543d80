import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.ts';
import type { Database, Queryable } from '../../platform/database/database.ts';
import { ApiError } from '../../platform/http/api-error.ts';
import { describeFault, isOutage } from '../../platform/http/fault.ts';
import { requestJob } from '../../platform/jobs/request-job.ts';
import type { Job } from '../../platform/jobs/jobs.ts';
import type { Logger } from '../../platform/log.ts';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { WholeBatches } from '../identity/index.ts';
import { dropBatches } from './batch-store.ts';
import { fetchFile } from './fetch-file.ts';
import type { ChangeSuppressions } from './finish-batch.ts';
import type { ImportRecord, StoredState } from './import-record.ts';
import { forgetImports } from './import-store.ts';
import { dropPieces } from './piece-store.ts';
import { runSlice } from './run-slice.ts';
import type { SliceEnd } from './run-slice.ts';
import { endImport, storeUploaded } from './state-store.ts';
import { claimImport, isAnotherAppWaiting, releaseHold, renewHold, soonestLease } from './turn-store.ts';
import { undoSlice } from './undo-slice.ts';

export interface ImportJobsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly batches: WholeBatches;
  readonly outbound: Outbound;
  readonly changeSuppressions: ChangeSuppressions;
}

const JOB = 'run-imports';
/** Without a sign of life for this long, another worker goes on with an import. */
const LEASE_MS = 5_000;
const SIGN_OF_LIFE_MS = 1_000;
const AFTER_LEASE_MS = 100;
/** Then it is the turn of another app, if one waits. */
const SLICE_MS = 4_000;
/** Then it is the turn of another job. */
const RUN_MS = 20_000;
/** Turns in which nothing was done, one after the other. */
const MOST_ATTEMPTS = 10;
/** How long an import that has ended is shown, and can be undone. */
export const KEPT_MS = 30 * 86_400_000;
const IMPORTS_A_STATEMENT = 20;

/** Asks for a worker, which takes whatever import is due. */
export function wakeImports(transaction: Queryable, now: number): Promise<void> {
  return requestJob(transaction, { name: JOB, key: 'due', at: now });
}

/** Works on imports, and lets go of those that have expired. */
export function importJobs(options: ImportJobsOptions): Job[] {
  const { database, clock } = options;
  return [
    {
      name: JOB,
      // Asked for when there is something to do. Every minute for what a worker had when it was killed.
      schedule: '* * * * *',
      async run(stopping) {
        const until = performance.now() + RUN_MS;
        while (!stopping.aborted && performance.now() < until) {
          const held = await claimImport(database, LEASE_MS);
          if (held === null) {
            const wait = await soonestLease(database);
            if (wait === null) return;
            // Held by another worker, if that one is alive. A job for a later moment would wait for its poll.
            await pause(Math.max(wait, 0) + AFTER_LEASE_MS, undefined, { signal: stopping }).catch(
              () => undefined,
            );
            continue;
          }
          await takeTurn(options, held, { stopping, until });
        }
        if (!stopping.aborted) await wakeImports(database, clock.now());
      },
    },
    {
      name: 'forget-imports',
      schedule: '45 * * * *',
      async run() {
        while ((await forgetImports(database, clock.now(), IMPORTS_A_STATEMENT)) === IMPORTS_A_STATEMENT) {
          // Another round until a batch was not full.
        }
      },
    },
  ];
}

async function takeTurn(
  options: ImportJobsOptions,
  held: ImportRecord,
  { stopping, until }: { readonly stopping: AbortSignal; readonly until: number },
): Promise<void> {
  const { database, log } = options;
  const begun = performance.now();
  let isOver = false;
  const sign = setInterval(() => {
    lifeSign().then(
      (goesOn) => (isOver ||= !goesOn),
      // The next statement of the slice fails by it too, or the lease lasts until one gets through.
      () => undefined,
    );
  }, SIGN_OF_LIFE_MS);
  /** False when the import is somebody else's by now, or another one's turn. */
  async function lifeSign(): Promise<boolean> {
    if (!(await renewHold(database, held, LEASE_MS))) return false;
    return performance.now() - begun < SLICE_MS || !(await isAnotherAppWaiting(database, held.appId));
  }
  try {
    const isTimeUp = () => isOver || stopping.aborted || performance.now() > until;
    const ended = await work(options, held, isTimeUp);
    if (ended === 'more') await releaseHold(database, held);
  } catch (error) {
    if (isOutage(error)) throw error;
    if (error instanceof ApiError) return await end(options, held, 'failed', error.message);
    log.error(
      { import: held.id, attempt: held.attempts, fault: describeFault(error) },
      'an import met a fault',
    );
    // The lease is the pause before the next attempt.
    if (held.attempts >= MOST_ATTEMPTS)
      await end(options, held, 'failed', 'a fault of the platform: its log tells more');
  } finally {
    clearInterval(sign);
  }
}

async function work(
  options: ImportJobsOptions,
  held: ImportRecord,
  isTimeUp: () => boolean,
): Promise<SliceEnd> {
  const { database, clock } = options;
  const working = { ...options, leaseMs: LEASE_MS };
  switch (held.state) {
    case 'fetching': {
      const file = await fetchFile(options, held);
      if (file.kind === 'failed') await end(options, held, 'failed', file.fault);
      if (file.kind === 'here') {
        await storeUploaded(database, held, 'fetching', {
          bytes: file.bytes,
          expiresAt: clock.now() + KEPT_MS,
        });
      }
      return 'whole';
    }
    case 'checking': {
      const ended = await runSlice(working, held, isTimeUp);
      if (ended === 'whole') await end(options, held, 'ready', null);
      return ended;
    }
    case 'running': {
      const ended = await runSlice(working, held, isTimeUp);
      if (ended === 'whole') await end(options, held, 'done', null);
      return ended;
    }
    case 'undoing': {
      const ended = await undoSlice(working, held, isTimeUp);
      if (ended === 'whole') await end(options, held, 'undone', null);
      return ended;
    }
    case 'uploading':
    case 'ready':
    case 'done':
    case 'failed':
    case 'cancelled':
    case 'undone':
      throw new Error(`there is nothing to do about an import that is ${held.state}`);
  }
}

/** The state, and with it what is of no use any more. */
async function end(
  { database, clock }: ImportJobsOptions,
  held: ImportRecord,
  to: StoredState,
  fault: string | null,
): Promise<void> {
  const now = clock.now();
  await database.transaction(async (transaction) => {
    const asked = { from: held.state, to, now, expiresAt: now + KEPT_MS, fault };
    if (!(await endImport(transaction, held, asked))) return;
    if (to !== 'ready') await dropPieces(transaction, held);
    if (to === 'undone') await dropBatches(transaction, held);
  });
}
