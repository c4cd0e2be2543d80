import type { Database } from '../../../platform/database/database.ts';
import { recordChange, SYSTEM } from '../../accounts/index.ts';
import type { Attempt } from '../event-streams/attempt-store.ts';
import { insertAttempts } from '../event-streams/attempt-store.ts';
import { putHeld, removeHeld } from './held-store.ts';
import type { HeldEvent } from './held-store.ts';
import { advanceStream, disableStream } from './work-store.ts';
import type { ClaimedStream, Progress, Standing } from './work-store.ts';

/** What a round leaves behind. */
export interface RoundChanges {
  readonly progress: Progress;
  readonly held: readonly HeldEvent[];
  readonly released: readonly Pick<HeldEvent, 'userKey' | 'place'>[];
  readonly attempts: readonly Attempt[];
  /** Why the stream is disabled; null when it is not. */
  readonly disabled: string | null;
}

interface CommitOptions {
  readonly database: Database;
  readonly now: number;
  readonly leaseMs: number;
}

/** Writes a round down in one transaction. Null when the stream is another's by now: then nothing was written. */
export function commitRound(
  { database, now, leaseMs }: CommitOptions,
  stream: ClaimedStream,
  { progress, held, released, attempts, disabled }: RoundChanges,
): Promise<Standing | null> {
  return database.transaction(async (transaction) => {
    const standing = await advanceStream(transaction, stream, progress, { now, leaseMs });
    if (standing === null) return null;
    await putHeld(transaction, stream, held);
    await removeHeld(transaction, stream, released);
    await insertAttempts(transaction, stream, attempts);
    if (disabled === null) return standing;
    const stopped = await disableStream(transaction, stream, disabled, now);
    if (stopped) await recordChange(transaction, now, SYSTEM, disabledChange(stream, disabled));
    return { ...standing, state: 'disabled' };
  });
}

/** Stops a stream where it stands. */
export async function disableWhereItStands(
  { database, now }: Pick<CommitOptions, 'database' | 'now'>,
  stream: ClaimedStream,
  reason: string,
): Promise<void> {
  await database.transaction(async (transaction) => {
    if (!(await disableStream(transaction, stream, reason, now))) return;
    await recordChange(transaction, now, SYSTEM, disabledChange(stream, reason));
  });
}

function disabledChange({ appId, id, name }: ClaimedStream, reason: string) {
  return {
    action: 'event_stream.disabled',
    appId,
    target: { type: 'event_stream', id, name },
    metadata: { reason },
  } as const;
}
